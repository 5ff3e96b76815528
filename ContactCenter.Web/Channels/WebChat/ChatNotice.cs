using ContactCenter.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace ContactCenter.Channels.WebChat;

/// <summary>
/// One sentence in place of the chat: why there is none. Any site may show it in a frame, for there is nothing to protect,
/// and whoever put the widget there reads why it does not work.
/// </summary>
sealed class ChatNotice : ViewResult
{
    public ChatNotice(int status, string sentence)
    {
        StatusCode = status;
        ViewName = "~/Pages/Chat/_Notice.cshtml";
        ViewData = new ViewDataDictionary<string>(new EmptyModelMetadataProvider(), new ModelStateDictionary()) { Model = sentence };
    }

    public override Task ExecuteResultAsync(ActionContext context)
    {
        context.HttpContext.Csp().FrameAncestors = ["*"];
        return base.ExecuteResultAsync(context);
    }
}
