using System.Net;
using System.Text.RegularExpressions;
using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Pages.Administration;

/// <summary>What tests of the administration begin with.</summary>
static partial class House
{
    public static Task<Campaign> CampaignAsync(this App app, string key, params Guid[] groups) => app.WithAsync<Database, Campaign>(async database =>
    {
        var client = new Client { Id = Ids.New(TimeProvider.System), Name = $"Client of {key}" };
        var project = new Project { Id = Ids.New(TimeProvider.System), ClientId = client.Id, Name = "Shop" };
        var department = new Department { Id = Ids.New(TimeProvider.System), Name = $"Department of {key}" };
        var campaign = new Campaign { Id = Ids.New(TimeProvider.System), Key = key, Name = key, ProjectId = project.Id, DepartmentId = department.Id };
        await database.InsertAsync(client, project, department, campaign);
        database.AddRange(groups.Select(group => new CampaignGroup { CampaignId = campaign.Id, GroupId = group }));
        await database.SaveChangesAsync();
        return campaign;
    });

    public static Task<Guid> GroupAsync(this App app, string name, params Person[] people) => app.WithAsync<Database, Guid>(async database =>
    {
        var group = new SecurityGroup { Id = Ids.New(TimeProvider.System), Name = name };
        database.Add(group);
        await database.SaveChangesAsync();
        foreach (var person in people)
            database.Add(new UserGroup { GroupId = group.Id, UserId = database.Users.Single(user => user.Email == person.Email).Id });
        await database.SaveChangesAsync();
        return group.Id;
    });

    /// <summary>What a person reads.</summary>
    public static string Read(this Answer answer) => WebUtility.HtmlDecode(answer.Text);

    /// <summary>The value of a field of the form.</summary>
    public static string ValueOf(this Answer answer, string field) =>
        WebUtility.HtmlDecode(Regex.Match(answer.Text, $"name=\"{Regex.Escape(field)}\"[^>]* value=\"([^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(5)).Groups[1].Value);
}
