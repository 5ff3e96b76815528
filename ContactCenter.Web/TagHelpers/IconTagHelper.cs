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
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Class is null ? "icon" : $"icon {Class}");
        output.Attributes.SetAttribute("aria-hidden", "true");
        output.Content.AppendHtml("<use href=\"/").Append(Address(View.HttpContext)).AppendHtml("#").Append(Name).AppendHtml("\"/>");
    }

    /// <summary>The same where no page writes the markup.</summary>
    public static string Svg(HttpContext context, string name, string css = "icon") =>
        $"<svg class=\"{css}\" aria-hidden=\"true\"><use href=\"/{Address(context)}#{name}\"/></svg>";

    // The fingerprinted one, so that browsers keep the sprite for good.
    private static string Address(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ResourceAssetCollection>()?[Sprite] ?? Sprite;
}
