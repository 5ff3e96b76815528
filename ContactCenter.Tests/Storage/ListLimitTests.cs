using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Pages.Administration;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Storage;

/// <summary>No list grows with the house: what is offered ends somewhere, however much there is.</summary>
public sealed class ListLimitTests(App app) : IClassFixture<App>
{
    private const int Many = 700;

    [Fact]
    public async Task What_a_form_or_a_menu_offers_ends_somewhere_and_keeps_what_is_chosen()
    {
        var last = await app.CampaignAsync("zz-last");
        var lili = await app.IdOfAsync(Cast.Lili);
        var ada = new Viewer(await app.IdOfAsync(Cast.Ada), Cast.Ada.Name, Supervises: true);
        await app.WithAsync<Database>(async database =>
        {
            var template = await database.Campaigns.AsNoTracking().SingleAsync(c => c.Id == last.Id);
            var client = (await database.Projects.SingleAsync(p => p.Id == template.ProjectId)).ClientId;
            await database.ChangeAsync<Project>(template.ProjectId, project => project.Name = "zz last");
            await database.ChangeAsync<Department>(template.DepartmentId, department => department.Name = "zz last");
            if (!await database.Agents.AnyAsync(a => a.UserId == lili)) database.Add(new Agent { UserId = lili, Since = app.Clock.GetUtcNow() });
            var documents = new List<object>();
            for (var at = 0; at < Many; at++)
            {
                var campaign = new Campaign
                {
                    Id = Ids.New(app.Clock),
                    Key = $"many-{at}",
                    Name = $"Campaign {at}",
                    ProjectId = template.ProjectId,
                    DepartmentId = template.DepartmentId,
                    Settings = new CampaignSettings { Skills = [$"skill {at}"] },
                };
                documents.AddRange(
                [
                    new Project { Id = Ids.New(app.Clock), ClientId = client, Name = $"Project {at}" },
                    new Department { Id = Ids.New(app.Clock), Name = $"Department {at}" },
                    new BreakReason { Id = Ids.New(app.Clock), Name = $"Reason {at}", Icon = "coffee" },
                ]);
                database.AddRange(
                    new SecurityGroup { Id = Ids.New(app.Clock), Name = $"Group {at}" },
                    campaign,
                    new Member { CampaignId = campaign.Id, UserId = lili });
            }
            await database.InsertDocumentsAsync(documents);
            await database.SaveChangesAsync();
        });

        var choices = await app.WithAsync<CampaignStore, CampaignChoices>(campaigns => campaigns.ChoicesAsync(ada, last.Id, default));
        Assert.Equal(500, choices.Projects.Count);
        Assert.Equal(500, choices.Departments.Count);
        Assert.Equal(500, choices.Groups.Count);
        Assert.InRange(choices.Skills.Count, 400, 500);
        Assert.Contains(choices.Projects, each => each.Id == last.ProjectId);
        Assert.Contains(choices.Departments, each => each.Id == last.DepartmentId);

        var seen = await app.WithAsync<FloorStore, AgentDossier?>(floor => floor.FindAsync(ada, lili, default));
        Assert.Equal(100, seen!.Campaigns.Count);
        Assert.Equal(100, seen.Reasons.Count);
        var menu = await app.WithAsync<InboxStore, AvailabilityView?>(inbox => inbox.AvailabilityAsync(lili, default));
        Assert.Equal(100, menu!.Reasons.Count);
    }
}
