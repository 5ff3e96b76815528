using System.Net;
using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Pages.Administration;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Pages;

/// <summary>Every list that is searched on the server finds names as people type them.</summary>
public sealed class SearchTests(Desk desk) : IClassFixture<Desk>
{
    // As it is called, what finds it, what does not.
    private static readonly (string Name, string[] Finds, string[] Misses)[] Names =
    [
        ("José Núñez", ["nunez", "NUÑEZ", "josé nu", "nun\u0303ez", "Jose\u0301"], ["nunes", "n_ñez", "%ñ"]),
        ("Nu\u0301n\u0303ez de Vera", ["núñez de", "nunez de vera"], ["nunes de"]),
        ("Straßenbau Ørsted", ["strassenbau", "STRASSENBAU", "orsted", "straße"], ["strase"]),
        ("Łódź Æther", ["lodz", "aether", "ŁÓDŹ"], ["oether"]),
        ("İzmir Işık", ["izmir", "IZMIR", "ızmır", "isik"], ["ozmir"]),
        ("50%_off\\more", ["50%", "%_off", "off\\", "\\more"], ["50_", "5%off", "f%m"]),
    ];

    [Fact]
    public async Task Users_campaigns_clients_and_projects_are_found_without_accents_and_signs_are_taken_literally()
    {
        using var ada = await desk.SignInAsync(Cast.Ada);
        await desk.WithAsync<Accounts>(async accounts =>
        {
            foreach (var (name, at) in Names.Select((each, at) => (each.Name, at)))
                Assert.Empty((await accounts.CreateAsync(new NewAccount($"user{at}@search.test", name, null, [Roles.Agent]))).Errors);
        });
        await desk.WithAsync<Database>(async database =>
        {
            foreach (var (name, at) in Names.Select((each, at) => (each.Name, at)))
            {
                var client = new Client { Id = Desk.Id(), Name = name };
                var project = new Project { Id = Desk.Id(), ClientId = client.Id, Name = $"Project {at}" };
                var department = new Department { Id = Desk.Id(), Name = name };
                await database.InsertAsync(client, project, department, new BreakReason { Id = Desk.Id(), Name = name, Icon = "coffee" });
                database.Add(new Campaign { Id = Desk.Id(), Key = $"search-{at}", Name = name, ProjectId = project.Id, DepartmentId = department.Id });
                await database.SaveChangesAsync();
            }
        });
        foreach (var path in new[] { "users", "campaigns", "clients", "projects", "departments", "breaks" })
        {
            foreach (var (name, finds, misses) in Names)
            {
                foreach (var typed in finds) Assert.True(await FoundAsync(path, typed, name), $"{path}: {typed} finds {name}");
                foreach (var typed in misses) Assert.False(await FoundAsync(path, typed, name), $"{path}: {typed} does not find {name}");
            }
        }
        Assert.True(await FoundAsync("users", "USER3@search", Names[3].Name), "an e-mail address");

        async Task<bool> FoundAsync(string path, string typed, string name)
        {
            var page = await ada.GetAsync($"/administration/{path}?q={Uri.EscapeDataString(typed)}");
            Assert.Equal(200, page.Status);
            return Words(page.Text.Split("<tbody>").Skip(1).FirstOrDefault() ?? "").Contains(name, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Contacts_in_the_inbox_and_agents_on_the_board_are_found_without_accents()
    {
        using var lili = await desk.SignInAsync(Cast.Lili);
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        foreach (var (name, _, _) in Names) await desk.PutAsync(ConversationState.Paused, Cast.Lili, name);
        foreach (var (name, finds, misses) in Names)
        {
            foreach (var typed in finds) Assert.True(await FoundAsync(typed, name), $"{typed} finds {name}");
            foreach (var typed in misses) Assert.False(await FoundAsync(typed, name), $"{typed} does not find {name}");
        }
        var board = await sofia.GetAsync($"/supervision?q={Uri.EscapeDataString("lílí")}");
        Assert.Contains(">Lili<", board.Text);
        Assert.DoesNotContain(">Omar<", board.Text);

        async Task<bool> FoundAsync(string typed, string name) =>
            Words((await lili.GetAsync($"/inbox/list?tab=paused&q={Uri.EscapeDataString(typed)}")).Text.Split("<hx-partial")[0]).Contains($"<span class=\"clip\">{name}<", StringComparison.Ordinal);
    }

    private static string Words(string html) => WebUtility.HtmlDecode(html);
}
