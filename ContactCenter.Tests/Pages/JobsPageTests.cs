using ContactCenter.Domain;
using ContactCenter.Jobs;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;
using static ContactCenter.Tests.Support.Cast;

namespace ContactCenter.Tests.Pages;

public sealed class JobsPageTests(App app) : IClassFixture<App>
{
    private Task<JobRecord?> RecordAsync(string name) => app.WithAsync<Database, JobRecord?>(database =>
        database.JobRecords.AsNoTracking().SingleOrDefaultAsync(job => job.Node == JobMonitor.Node && job.Name == name));

    [Fact]
    public async Task Ada_sees_every_job_of_the_node_and_runs_one_now()
    {
        foreach (var name in (string[])["Sweep", "AbandonmentJob", "OpeningJob", "ThresholdJob", "OutboxJob", "SessionJob"])
            await Eventually.Holds($"{name} has told of itself", async () => await RecordAsync(name) is { Runs: > 0, Failures: 0, NextAt: not null });
        using var ada = await app.SignInAsync(Ada);
        var page = await ada.GetAsync("/administration/jobs");
        Assert.Equal(200, page.Status);
        Assert.Contains("Opening and closing", page.Text);
        Assert.Contains(JobMonitor.Node, page.Text);

        var before = (await RecordAsync("Sweep"))!;
        Assert.Equal(302, (await ada.PostAsync("/administration/jobs", ("name", "Sweep"))).Status);
        await Eventually.Holds("it ran", async () => (await RecordAsync("Sweep"))!.Runs > before.Runs);
        Assert.InRange((await RecordAsync("Sweep"))!.Recent.Count, 1, JobRecord.Kept);
    }

    [Fact]
    public async Task A_node_that_has_ended_is_told_from_one_that_will_run_again()
    {
        var ago = TimeProvider.System.GetUtcNow().AddMinutes(-2);
        await app.WithAsync<Database, int>(database =>
        {
            database.Add(new JobRecord { Node = "gone-1", Name = "Sweep", StartedAt = ago, NextAt = ago.AddSeconds(5) });
            return database.SaveChangesAsync();
        });
        using var ada = await app.SignInAsync(Ada);
        var page = await ada.GetAsync("/administration/jobs");
        var row = page.Text[page.Text.IndexOf("gone-1", StringComparison.Ordinal)..];
        Assert.Contains("silent", row[..row.IndexOf("</tr>", StringComparison.Ordinal)]);
        Assert.Equal(1, page.Text.Split("silent").Length - 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sweep")]
    [InlineData("DROP TABLE")]
    public async Task A_job_that_is_not_there_is_not_run(string name)
    {
        using var ada = await app.SignInAsync(Ada);
        Assert.Equal(404, (await ada.PostAsync("/administration/jobs", ("name", name))).Status);
    }

    [Fact]
    public async Task Who_is_no_administrator_neither_sees_nor_runs_them()
    {
        foreach (var person in (Person[])[Lili, Sofia])
        {
            using var browser = (await app.SignInAsync(person)).Htmx();
            Assert.Equal(403, (await browser.GetAsync("/administration/jobs")).Status);
            Assert.Equal(403, (await browser.PostAsync("/administration/jobs", ("name", "Sweep"))).Status);
        }
        using var nobody = app.Open();
        Assert.Equal(302, (await nobody.GetAsync("/administration/jobs")).Status);
    }
}
