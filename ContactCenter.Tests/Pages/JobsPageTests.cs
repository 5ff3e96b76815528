using ContactCenter.Domain;
using ContactCenter.Jobs;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using ContactCenter.Pages.Administration.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static ContactCenter.Tests.Support.Cast;

namespace ContactCenter.Tests.Pages;

public sealed class JobsPageTests(HangfireApp app) : IClassFixture<HangfireApp>
{
    private Task<JobRecord?> RecordAsync(string name) => app.WithAsync<Database, JobRecord?>(database =>
        database.JobRecords.AsNoTracking().SingleOrDefaultAsync(job => job.Node == JobMonitor.Node && job.Name == name));

    [Fact]
    public async Task Ada_sees_every_job_of_the_node_and_runs_one_now()
    {
        foreach (var name in (string[])["Sweep", "ThresholdJob", "PresenceWatch"])
            await Eventually.Holds($"{name} has told of itself", async () => await RecordAsync(name) is { Runs: > 0, Failures: 0, NextAt: not null });
        foreach (var name in (string[])["AbandonmentJob", "OpeningJob", "OutboxJob", "SessionJob"])
            await Eventually.Holds($"{name} has told of itself", async () =>
                await RecordAsync(name) is { Runs: > 0, Failures: 0 });
        using var ada = await app.SignInAsync(Ada);
        var page = await ada.GetAsync("/administration/jobs");
        Assert.Equal(200, page.Status);
        Assert.Contains("Opening and closing", page.Text);
        Assert.Contains(JobMonitor.Node, page.Text);
        var hangfire = await app.Services.GetRequiredService<JobFigures>().ReadAsync(default);
        Assert.Equal((1, 4), (hangfire.Counts.Servers, hangfire.Counts.Recurring));
        Assert.True(hangfire.Counts.Succeeded > 0);
        Assert.Contains(hangfire.Servers[0].Name, page.Text);
        foreach (var name in (string[])["AbandonmentJob", "OpeningJob", "OutboxJob", "SessionJob"])
        {
            var row = IndexPage.Rows([], hangfire.Recurring, app.Clock.GetUtcNow()).Single(each => each.Name == name);
            Assert.Equal((true, false, true),
                (row.IsShared, row.IsSilent, row.StartedAt is not null && row.NextAt > row.StartedAt));
        }

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

    [Fact]
    public async Task Ada_has_a_shared_job_run_now_by_whichever_node_takes_it()
    {
        await using var source = NpgsqlDataSource.Create(app.ConnectionString);
        // What the schedule asks for says so too; what she asks for does not.
        await using var asked = source.CreateCommand("""
            select count(*) from hangfire.state s join hangfire.job j on j.id = s.jobid
            where s.reason = 'Triggered using recurring job manager' and j.statename = 'Succeeded'
              and j.arguments::text like '%SessionJob%'
            """);
        var before = (long)(await asked.ExecuteScalarAsync())!;
        using var ada = await app.SignInAsync(Ada);
        var figures = app.Services.GetRequiredService<JobFigures>();
        await Eventually.Holds(
            "it is scheduled", async () => (await figures.ReadAsync(default)).Recurring.ContainsKey("SessionJob"));
        Assert.Equal(302, (await ada.PostAsync("/administration/jobs", ("name", "SessionJob"))).Status);
        await Eventually.Holds("it ran", async () => (long)(await asked.ExecuteScalarAsync())! > before);
    }

    [Fact]
    public void A_shared_job_is_one_line_for_all_nodes_and_stands_still_when_none_of_them_runs_it()
    {
        var now = app.Clock.GetUtcNow();
        JobRecord[] records =
        [
            new()
            {
                Node = "a", Name = "OutboxJob", StartedAt = now.AddSeconds(-5), Runs = 3, Recent = [9],
                Failures = 1, FailedAt = now.AddMinutes(-1), Problem = "No route",
            },
            new() { Node = "b", Name = "OutboxJob", StartedAt = now.AddSeconds(-50), Runs = 4, Recent = [7] },
            new() { Node = "b", Name = "OpeningJob", StartedAt = now.AddMinutes(-2), Runs = 1 },
            new() { Node = "a", Name = "Sweep", StartedAt = now, NextAt = now.AddSeconds(2) },
        ];
        var unplanned = new Dictionary<string, Hangfire.Storage.RecurringJobDto>(StringComparer.Ordinal);
        var rows = IndexPage.Rows(records, unplanned, now);
        var outbox = rows.Single(row => row.Name == "OutboxJob");
        Assert.Equal(
            ("a", 7L, 1L, "No route", false),
            (outbox.Node, outbox.Runs, outbox.Failures, outbox.Problem, outbox.IsSilent));
        Assert.Equal([9], outbox.Recent);
        Assert.True(rows.Single(row => row.Name == "OpeningJob").IsSilent);
        Assert.False(rows.Single(row => row.Name == "Sweep").IsSilent);
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
