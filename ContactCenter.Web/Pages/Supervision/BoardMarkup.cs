using System.Text.Encodings.Web;
using ContactCenter.Domain;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Html;

namespace ContactCenter.Pages.Supervision;

/// <summary>
/// What a board has hundreds of, written in one piece each: as parts of a Razor page they took most of a refresh's rendering.
/// Whatever people wrote goes through the encoder.
/// </summary>
public static class BoardMarkup
{
    /// <summary>An agent's open conversations; board.js colours them by the clock.</summary>
    public static IHtmlContent Bars(BoardView view, BoardAgent agent, string readAlong) => new Piece((writer, encoder) =>
    {
        foreach (var conversation in agent.Active)
        {
            var limits = view.Settings(conversation.Campaign);
            var contact = encoder.Encode(conversation.Contact);
            writer.Write(
                $"""
                <a id="c-{conversation.Id}" class="bar {(conversation.Paused ? "parked" : "")}" href="/conversations/{conversation.Id}" data-band data-from="{conversation.At.ToUnixTimeMilliseconds()}" data-yellow="{limits.ChatTimeYellow}" data-red="{limits.ChatTimeRed}" data-level="{ChatBands.Of(view.Data.At - conversation.At, limits).Css()}" data-name="{contact} #{conversation.Ticket}" aria-label="{encoder.Encode(readAlong)}: {contact}"><i></i></a>
                """);
        }
    });

    /// <summary>The rows of who waits.</summary>
    public static IHtmlContent Waiting(IReadOnlyList<BoardWaiting> waiting) => new Piece((writer, encoder) =>
    {
        foreach (var contact in waiting)
        {
            writer.Write(
                $"""
                <tr id="w-{contact.Id}"><td class="clip"><a href="/conversations/{contact.Id}">{encoder.Encode(contact.Name)}</a></td><td class="clip">{encoder.Encode(contact.Email ?? contact.Phone ?? "–")}</td><td class="num"><time datetime="{contact.Since.Iso()}" data-since></time></td></tr>
                """);
        }
    });

    private sealed class Piece(Action<TextWriter, HtmlEncoder> write) : IHtmlContent
    {
        public void WriteTo(TextWriter writer, HtmlEncoder encoder) => write(writer, encoder);
    }
}
