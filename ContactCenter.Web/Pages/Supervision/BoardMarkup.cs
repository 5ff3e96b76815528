using System.Text.Encodings.Web;
using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.TagHelpers;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Supervision;

/// <summary>
/// What a board has hundreds of, written in one piece each: as parts of a Razor page they took most of a refresh's rendering.
/// Whatever people wrote goes through the encoder.
/// </summary>
public static class BoardMarkup
{
    /// <summary>The members' rows, each with its open conversations; board.js colours those and shows who is idle by the clock.</summary>
    public static IHtmlContent Agents(BoardView view, IStringLocalizer<Text> text, HttpContext context) => new Piece((writer, encoder) =>
    {
        string Encoded(LocalizedString words) => encoder.Encode(words.Value);
        var (bot, none, idle, readAlong) = (Encoded(text["Bot"]), Encoded(text["none"]), Encoded(text["idle"]), Encoded(text["Read along"]));
        var (webChat, actions, hint) = (encoder.Encode(Channel.WebChat.Name(text)), Encoded(text["Actions"]), Encoded(text["Information, spy, pause, log out"]));
        var nonce = context.Csp().Nonce;
        var (alarm, more) = (IconTagHelper.Svg(context, "circle-alert", "icon s"), IconTagHelper.Svg(context, "ellipsis-vertical"));
        var states = Enum.GetValues<AgentState>().ToDictionary(state => state, state => (Css: state.Css(), Name: encoder.Encode(state.Name(text))));
        foreach (var agent in view.Agents)
        {
            var name = encoder.Encode(agent.Name);
            var active = agent.Active.Count;
            writer.Write(
                $"""
                <tr id="a-{agent.Id}"><td>{State(agent)}</td><td><span class="who"><span class="avatar s" aria-hidden="true">{encoder.Encode(Words.Initials(agent.Name))}</span><span class="clip">{name}</span></span></td><td class="wide-only{(active == 0 ? " muted" : "")}">{(active == 0 ? none : webChat)}</td><td><span class="bars">
                """);
            foreach (var conversation in agent.Active) Bar(conversation);
            writer.Write($"""<span class="of">{active}{(agent.Bot ? "" : $" / {agent.Capacity}")}</span>""");
            if (agent is { Bot: false, State: AgentState.Free }) Idle(agent);
            writer.Write(
                $"""
                </span></td><td class="num">{agent.DoneIn}</td><td class="num wide-only">{agent.DoneOut}</td><td class="num"><time datetime="{agent.Since.Iso()}" data-since></time></td><td class="num">
                """);
            if (!agent.Bot)
                writer.Write(
                    $"""
                    <button id="do-{agent.Id}" type="button" class="button quiet square s" hx-nonce="{nonce}" hx-get="/supervision/agents/{agent.Id}" hx-target="#dialogs" hx-swap="innerHTML" title="{hint}" aria-label="{actions}: {name}">{more}</button>
                    """);
            writer.Write("</td></tr>\n");
        }

        string State(BoardAgent agent)
        {
            if (agent.Bot) return $"<span class=\"chip\">{bot}</span>";
            var (css, name) = states[agent.State];
            var icon = agent is { Break: not null, Icon: { } drawing } ? IconTagHelper.Svg(context, encoder.Encode(drawing), "icon s") : "";
            var reason = agent.Break is null ? "" : $" · {encoder.Encode(agent.Break)}";
            return $"<span class=\"chip {css}\">{icon}{name}{reason}</span>";
        }

        void Bar(BoardConversation conversation)
        {
            var limits = view.Settings(conversation.Campaign);
            var contact = encoder.Encode(conversation.Contact);
            writer.Write(
                $"""
                <a id="c-{conversation.Id}" class="bar {(conversation.Paused ? "parked" : "")}" href="/conversations/{conversation.Id}" data-band data-from="{conversation.At.ToUnixTimeMilliseconds()}" data-yellow="{limits.ChatTimeYellow}" data-red="{limits.ChatTimeRed}" data-level="{ChatBands.Of(view.Data.At - conversation.At, limits).Css()}" data-name="{contact} #{conversation.Ticket}" aria-label="{readAlong}: {contact}"><i></i></a>
                """);
        }

        void Idle(BoardAgent agent)
        {
            var after = view.IdleAfter(agent);
            var limit = TimeSpan.FromSeconds(after);
            writer.Write(
                $"""
                <span class="idle" data-idle="{after}" data-from="{agent.Since.ToUnixTimeMilliseconds()}" title="{Encoded(text["No conversation for longer than {0}", limit.Clock()])}"{(view.Data.At - agent.Since < limit ? " hidden" : "")}>{alarm}{idle}</span>
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
