using System.Text.RegularExpressions;
using ContactCenter.E2E.Support;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

/// <summary>A board on a busy day: eighty agents with long names who hold nothing, eight or thirty conversations.</summary>
public sealed partial class FullBoardJourney : Journey
{
    private const string Work = """
        update campaigns set name = 'Atención posventa de electrodomésticos y climatización, temporada alta' where key = 'demo-sales';
        insert into docs.mt_doc_breakreason (id, data, mt_version, name, active)
        select id, jsonb_build_object('Id', id, 'Name', name, 'Icon', 'users', 'Active', true), 1, name, true
        from (values (gen_random_uuid(), 'Capacitación sobre la nueva política de cambios')) as reason (id, name);
        insert into users select (jsonb_populate_record(u, jsonb_build_object(
            'id', gen_random_uuid(), 'user_name', 'agent' || n, 'normalized_user_name', 'AGENT' || n, 'email', 'agent' || n || '@demo.local',
            'normalized_email', 'AGENT' || n || '@DEMO.LOCAL', 'display_name', 'Maximiliana Fernández de la Vega ' || n))).*
        from users u cross join generate_series(1, 77) n where u.display_name = 'Lili';
        insert into agents (user_id, accepting, since, capacity, monitored, bot)
        select id, false, now(), 12, false, false from users where display_name like 'Maximiliana%';
        insert into members (campaign_id, user_id, penalty, position)
        select c.id, u.id, 0, 9 from campaigns c cross join users u where u.display_name like 'Maximiliana%';
        update agents set seen_at = now() + interval '1 day';
        insert into ledger (id, user_id, at, state, break_reason, cause, by_name)
        select gen_random_uuid(), a.user_id, now() - interval '15 hours 40 minutes', 2 + no % 4,
            case when no % 4 > 1 then 'Capacitación sobre la nueva política de cambios' end, 1, ''
        from (select user_id, row_number() over (order by u.display_name) as no from agents join users u on u.id = user_id) a;
        insert into contacts (id, name, email, language, first_seen_at, profile)
        select gen_random_uuid(), 'María de los Ángeles Rodríguez Ferreira ' || n, 'maria.de.los.angeles.' || n || '@correo-muy-largo.com.uy', 'es', now(), '{}'
        from generate_series(1, 900) n;
        with people as (select array_agg(id) ids from contacts where name like 'María de los%'),
            holding as (
                select c.id as campaign, a.user_id, u.display_name, n,
                    row_number() over () as no
                from agents a join users u on u.id = a.user_id
                    cross join lateral generate_series(1, case u.display_name when 'Omar' then 8 when 'Inés' then 30 when 'Lili' then 0
                        else length(u.display_name) + ascii(right(u.display_name, 1)) % 7 - 33 end) n
                    join campaigns c on c.key = case n % 2 when 0 then 'demo-sales' else 'demo-support' end
            )
        insert into conversations (id, campaign_id, contact_id, language, direction, state, agent_id, queued_at, assigned_at,
            opened_at, answered_at, waited_ms, seq, last_contact_seq, last_text, last_author, last_at, unread, contact_delivered, contact_read,
            staff_delivered, staff_read, bot_misses)
        select gen_random_uuid(), h.campaign, people.ids[1 + h.no], 'es', 1, case n % 5 when 0 then 3 else 2 end, h.user_id, at, at,
            at, at, 4000, 1, 0, '', 4, at, 0, 0, 0, 0, 0, 0
        from holding h cross join people cross join lateral (select now() - h.n % 21 * interval '1 minute' as at) t;
        with people as (select array_agg(id) ids from contacts where name like 'María de los%')
        insert into conversations (id, campaign_id, contact_id, language, direction, state, queued_at,
            seq, last_contact_seq, last_text, last_author, last_at, unread, contact_delivered, contact_read, staff_delivered, staff_read, bot_misses)
        select gen_random_uuid(), c.id, people.ids[880 + n], 'es', 1, 1, now() - n * interval '35 seconds',
            1, 0, '', 4, now(), 0, 0, 0, 0, 0, 0
        from generate_series(1, 8) n cross join people
            join campaigns c on c.key = case n % 2 when 0 then 'demo-sales' else 'demo-support' end;
        """;

    [Fact]
    public Task An_agent_is_one_line_and_every_column_in_sight_whatever_they_hold() => Play(async () =>
    {
        await using (var connection = new NpgsqlConnection(Home.ConnectionString))
        {
            await connection.OpenAsync();
            await using var work = new NpgsqlCommand(Work, connection);
            await work.ExecuteNonQueryAsync();
        }
        foreach (var locale in (string[])["es-UY", "en-GB", "pt-BR"])
        {
            var sofia = await AnAgent("Supervisor", new BrowserNewContextOptions { Locale = locale });
            await sofia.SignsIn(to: "/supervision");
            await Expect(sofia.Page.Locator("#board .agents tbody tr")).ToHaveCountAsync(80);
            foreach (var (agent, holds) in new[] { ("Lili", "0 / 6"), ("Omar", "8 / 6"), ("Inés", "30 / 6") })
                await Expect(Row(sofia, agent).Locator(".of")).ToHaveTextAsync(holds);
            foreach (var width in (int[])[1024, 1440])
            {
                await sofia.Page.SetViewportSizeAsync(width, 900);
                await Screens.KeepPicture($"board-full-{locale[..2]}-{width}", sofia.Page);
                Assert.Equal("", await sofia.Page.EvaluateAsync<string>(Faults));
            }
        }
        await TheListOpensForPointerAndKeyboardAsync();
    });

    // What is wrong with the tables as they are laid out: nothing.
    private const string Faults = """
        () => {
          const faults = [], root = document.documentElement;
          const heights = [...document.querySelectorAll('#board .agents tbody tr')].map(row => row.getBoundingClientRect().height);
          if (Math.max(...heights) > 36.6 || Math.min(...heights) < 35.4) faults.push(`rows of ${Math.min(...heights)} to ${Math.max(...heights)} px`);
          for (const table of document.querySelectorAll('#board table')) {
            const heads = [...table.querySelectorAll('th')];
            const name = head => head.textContent.trim();
            faults.push(...heads.filter(head => !head.checkVisibility() || head.getBoundingClientRect().width < 24).map(head => `${name(head)} is not there`));
            faults.push(...heads.filter(head => head.getBoundingClientRect().right > root.clientWidth).map(head => `${name(head)} is out of sight`));
            faults.push(...heads.filter(head => head.scrollWidth > head.clientWidth + 1).map(head => `${name(head)} is cut`));
            const region = table.parentElement;
            // Of a state the reason beside it may be cut, which somebody has named, the state itself may not.
            for (const said of table.querySelectorAll('td .chip .clip')) {
              const state = document.createRange(), name = said.textContent.split(' · ')[0];
              state.setStart(said.firstChild, 0);
              state.setEnd(said.firstChild, name.length);
              const { right } = said.getBoundingClientRect();
              if (state.getBoundingClientRect().right > right + .5) faults.push(`${name} is cut`);
            }
            if (region.scrollWidth > region.clientWidth) faults.push(`${region.getAttribute('aria-labelledby')} scrolls`);
            for (const part of table.querySelectorAll('td .bars, td .who, td .chip'))
              if (part.getBoundingClientRect().right > part.closest('td').getBoundingClientRect().right + 1) faults.push(`${part.textContent} reaches out of its cell`);
          }
          const waiting = [...document.querySelectorAll('#board .queue td')];
          const campaigns = waiting.filter(cell => cell.textContent === 'Support chat');
          if (campaigns.length !== 4) faults.push(`${campaigns.length} wait in support`);
          const cut = campaigns.some(cell => cell.scrollWidth > cell.clientWidth);
          if (innerWidth >= 1440 && cut) faults.push('Support chat is cut');
          if (root.scrollWidth > root.clientWidth) faults.push('the page scrolls');
          return [...new Set(faults)].join('\n');
        }
        """;

    private async Task TheListOpensForPointerAndKeyboardAsync()
    {
        var sofia = await AnAgent("Supervisor");
        await sofia.SignsIn(to: "/supervision");
        var row = Row(sofia, "Inés");
        // Six stand in the line; the button says the rest and what there is.
        await Expect(row.Locator("a.bar")).ToHaveCountAsync(6);
        var all = row.Locator(".open-all");
        await Expect(all).ToHaveAccessibleNameAsync(Everything());
        var list = row.Locator(".held");
        await Expect(list).ToBeHiddenAsync();
        await all.HoverAsync();
        await Expect(list).ToBeVisibleAsync();
        await Expect(list.Locator("a")).ToHaveCountAsync(30);
        await sofia.Page.Mouse.MoveAsync(1, 1);
        await Expect(list).ToBeHiddenAsync();
        await all.ClickAsync();
        await sofia.Page.Mouse.MoveAsync(1, 1);
        await Screens.KeepPicture("board-list-1440", sofia.Page);
        await Expect(list).ToBeVisibleAsync();
        await sofia.Page.Keyboard.PressAsync("Escape");
        await Expect(list).ToBeHiddenAsync();
        // With the keyboard: the focus opens it, the next stop is its first conversation, and there is the way in.
        await row.Locator("a.bar").Last.FocusAsync();
        await sofia.Page.Keyboard.PressAsync("Tab");
        await Expect(all).ToBeFocusedAsync();
        await Expect(list).ToBeVisibleAsync();
        await sofia.Page.Keyboard.PressAsync("Tab");
        await Expect(list.Locator("a").First).ToBeFocusedAsync();
        await sofia.Page.Keyboard.PressAsync("Enter");
        await sofia.SeesReadOnly();
    }

    private static ILocator Row(Agent sofia, string agent) => sofia.Page.Locator("#board .agents tbody tr")
        .Filter(new LocatorFilterOptions { Has = sofia.Page.Locator(".who .clip", new PageLocatorOptions { HasText = agent }) });

    [GeneratedRegex(@"^Inés: \+24 30 / 6 ?: [0-9]+ green, [0-9]+ yellow, [0-9]+ red$", RegexOptions.None, 1000)]
    private static partial Regex Everything();
}
