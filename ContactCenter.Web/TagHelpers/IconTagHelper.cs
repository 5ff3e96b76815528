using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace ContactCenter.TagHelpers;

/// <summary><c>&lt;icon name="bell" /&gt;</c>: one drawing of the sprite, silent to screen readers (its button says what it does).</summary>
[HtmlTargetElement("icon", TagStructure = TagStructure.WithoutEndTag)]
public sealed class IconTagHelper : TagHelper
{
    private const string Sprite = "lib/icons.svg";

    [HtmlAttributeNotBound, ViewContext]
    public required ViewContext View { get; set; }

    /// <summary>A name of <c>icons.txt</c>.</summary>
    public required string Name { get; set; }

    public string? Class { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        // The fingerprinted address, so that browsers keep the sprite for good.
        var assets = View.HttpContext.GetEndpoint()?.Metadata.GetMetadata<ResourceAssetCollection>();
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Class is null ? "icon" : $"icon {Class}");
        output.Attributes.SetAttribute("aria-hidden", "true");
        output.Content.AppendHtml("<use href=\"/").Append(assets?[Sprite] ?? Sprite).AppendHtml("#").Append(Name).AppendHtml("\"/>");
    }
}
