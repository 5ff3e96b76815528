using ContactCenter.Security;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace ContactCenter.TagHelpers;

/// <summary>Stamps this answer's nonce on each htmx element: the hx-csp extension strips the attributes of those without,
/// so that HTML somebody managed to inject stays inert.</summary>
[HtmlTargetElement(Attributes = "hx-*")]
public sealed class HxNonceTagHelper : TagHelper
{
    [HtmlAttributeNotBound, ViewContext]
    public required ViewContext View { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output) =>
        output.Attributes.SetAttribute("hx-nonce", View.HttpContext.Csp().Nonce);
}

/// <summary>Stamps the nonce on what the Content-Security-Policy lets in by it.</summary>
[HtmlTargetElement("script")]
[HtmlTargetElement("style")]
[HtmlTargetElement("link", Attributes = "[rel=modulepreload]")]
[HtmlTargetElement("link", Attributes = "[rel=preload]")]
public sealed class NonceTagHelper : TagHelper
{
    [HtmlAttributeNotBound, ViewContext]
    public required ViewContext View { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output) =>
        output.Attributes.SetAttribute("nonce", View.HttpContext.Csp().Nonce);
}
