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
    /// <summary>How many open conversations stand in an agent's line; all are in the list beside it.</summary>
    private const int Shown = 6;

    /// <summary>
    /// The members' rows, each one line whatever they hold: marks of the oldest conversations, how many there are, and the list
    /// of all behind that. board.js colours them, opens the list and shows who is idle by the clock.
    /// </summary>
    public static IHtmlContent Agents(BoardView view, IStringLocalizer<Text> text, HttpContext context) => new Piece((writer, encoder) =>
    {
        string Encoded(LocalizedString words) => encoder.Encode(words.Value);
        var (bot, none, idle, readAlong) = (Encoded(text["Bot"]), Encoded(text["none"]), Encoded(text["idle"]), Encoded(text["Read along"]));
        var (webChat, actions, hint) = (encoder.Encode(Channel.WebChat.Name(text)), Encoded(text["Actions"]), Encoded(text["Information, spy, pause, log out"]));
        var (hasLeft, stays) = (Encoded(text["has left"]), Encoded(text["No longer a member; what they did today stays counted."]));
        var nonce = context.Csp().Nonce;
        var (alarm, more) = (IconTagHelper.Svg(context, "circle-alert", "icon s"), IconTagHelper.Svg(context, "ellipsis-vertical"));
        var channel = IconTagHelper.Svg(context, Channel.WebChat.Icon(), "icon s");
        var campaigns = view.Data.Campaigns.ToDictionary(
            each => each.Id, each => (each.Settings, Name: view.Campaign is null ? encoder.Encode(" · " + each.Name) : ""));
        var states = Enum.GetValues<AgentState>().ToDictionary(state => state, state => (Css: state.Css(), Name: encoder.Encode(state.Name(text))));
        foreach (var agent in view.Agents)
        {
            var name = encoder.Encode(agent.Name);
            var active = agent.Active.Count;
            var of = $"""<span class="of">{active}{(agent.Bot || agent.HasLeft ? "" : $" / {agent.Capacity}")}</span>""";
            writer.Write(
                $"""
                <tr id="a-{agent.Id}"><td>{State(agent)}</td><td><span class="who" title="{name}"><span class="avatar s" aria-hidden="true">{encoder.Encode(Words.Initials(agent.Name))}</span><span class="clip">{name}</span></span></td><td class="wide-only{(active == 0 ? " muted" : "")}">
                """);
            writer.Write(active == 0 ? none : $"""<span class="channel" title="{webChat}">{channel}<span class="hide">{webChat}</span>{active}</span>""");
            writer.Write("""</td><td><span class="bars">""");
            foreach (var conversation in agent.Active.Take(Shown)) Bar(conversation);
            if (active > 0) Open(agent, name, of);
            else writer.Write(of);
            if (agent is { Bot: false, HasLeft: false, State: AgentState.Free }) Idle(agent);
            writer.Write("</span>");
            if (active > 0) List(agent, name);
            var since = agent.HasLeft ? "–" : $"""<time datetime="{agent.Since.Iso()}" data-since></time>""";
            writer.Write(
                $"""
                </td><td class="num">{agent.DoneIn}</td><td class="num wide-only">{agent.DoneOut}</td><td class="num">{since}</td><td class="num">
                """);
            if (agent is { Bot: false, HasLeft: false })
                writer.Write(
                    $"""
                    <button id="do-{agent.Id}" type="button" class="button quiet square s" hx-nonce="{nonce}" hx-get="/supervision/agents/{agent.Id}" hx-target="#dialogs" hx-swap="innerHTML" title="{hint}" aria-label="{actions}: {name}">{more}</button>
                    """);
            writer.Write("</td></tr>\n");
        }

        string State(BoardAgent agent)
        {
            if (agent.HasLeft) return $"""<span class="chip away" title="{stays}"><span class="clip">{hasLeft}</span></span>""";
            if (agent.Bot) return $"<span class=\"chip\">{bot}</span>";
            var (css, name) = states[agent.State];
            var icon = agent is { Break: not null, Icon: { } drawing } ? IconTagHelper.Svg(context, encoder.Encode(drawing), "icon s") : "";
            var reason = agent.Break is null ? "" : $" · {encoder.Encode(agent.Break)}";
            return $"""<span class="chip {css}" title="{name}{reason}">{icon}<span class="clip">{name}{reason}</span></span>""";
        }

        void Open(BoardAgent agent, string name, string of)
        {
            var bands = agent.Active.CountBy(each => ChatBands.Of(view.Data.At - each.At, campaigns[each.Campaign].Settings)).ToDictionary();
            var summary = Encoded(text["{0} green, {1} yellow, {2} red", bands.GetValueOrDefault(ChatBand.Green),
                bands.GetValueOrDefault(ChatBand.Yellow), bands.GetValueOrDefault(ChatBand.Red)]);
            var rest = agent.Active.Count > Shown ? $"""<b>+{agent.Active.Count - Shown}</b> """ : "";
            writer.Write(
                $"""
                <button id="n-{agent.Id}" type="button" class="open-all" popovertarget="open-{agent.Id}" popovertargetaction="show" data-peek><span class="hide">{name}: </span>{rest}{of}<span class="hide">: {summary}</span></button>
                """);
        }

        void List(BoardAgent agent, string name)
        {
            writer.Write($"""<ul id="open-{agent.Id}" class="menu held" popover aria-label="{Encoded(text["Conversations"])}: {name}">""");
            foreach (var conversation in agent.Active)
            {
                var (limits, campaign) = campaigns[conversation.Campaign];
                writer.Write(
                    $"""
                    <li><a id="l-{conversation.Id}" href="/conversations/{conversation.Id}"{(conversation.Paused ? " class=\"parked\"" : "")}{Band(conversation, limits)}><i></i><span class="clip">{encoder.Encode(conversation.Contact)}</span></a><span class="small muted clip">#{conversation.Ticket}{campaign}</span><time datetime="{conversation.At.Iso()}" data-since></time></li>
                    """);
            }
            writer.Write("</ul>");
        }

        string Band(BoardConversation conversation, CampaignSettings limits) =>
            $"""
             data-band data-from="{conversation.At.ToUnixTimeMilliseconds()}" data-yellow="{limits.ChatTimeYellow}" data-red="{limits.ChatTimeRed}" data-level="{ChatBands.Of(view.Data.At - conversation.At, limits).Css()}"
            """;

        void Bar(BoardConversation conversation)
        {
            var limits = campaigns[conversation.Campaign].Settings;
            var contact = encoder.Encode(conversation.Contact);
            writer.Write(
                $"""
                <a id="c-{conversation.Id}" class="bar {(conversation.Paused ? "parked" : "")}" href="/conversations/{conversation.Id}"{Band(conversation, limits)} data-name="{contact} #{conversation.Ticket}" aria-label="{readAlong}: {contact}"><i></i></a>
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

    /// <summary>The rows of who waits, with their campaign where there may be several; who waits for longer than its service level stands out.</summary>
    public static IHtmlContent Waiting(BoardView view) => new Piece((writer, encoder) =>
    {
        var campaigns = view.Data.Campaigns.ToDictionary(each => each.Id, each => (each.Settings.ServiceLevelSeconds, Name: encoder.Encode(each.Name)));
        foreach (var contact in view.Data.Waiting)
        {
            var (seconds, campaign) = campaigns[contact.Campaign];
            var (name, way) = (encoder.Encode(contact.Name), encoder.Encode(contact.Email ?? contact.Phone ?? "–"));
            var late = (view.Data.At - contact.Since).TotalSeconds > seconds ? " late" : "";
            writer.Write(
                $"""
                <tr id="w-{contact.Id}"><td class="clip" title="{name}"><a href="/conversations/{contact.Id}">{name}</a></td><td class="clip" title="{way}">{way}</td>{(view.Campaign is null ? $"<td class=\"clip\" title=\"{campaign}\">{campaign}</td>" : "")}<td class="num{late}"><time datetime="{contact.Since.Iso()}" data-since></time></td></tr>
                """);
        }
    });

    private sealed class Piece(Action<TextWriter, HtmlEncoder> write) : IHtmlContent
    {
        public void WriteTo(TextWriter writer, HtmlEncoder encoder) => write(writer, encoder);
    }
}
