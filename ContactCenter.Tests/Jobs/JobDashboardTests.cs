using System.Net;
using ContactCenter.Jobs;
using ContactCenter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static ContactCenter.Tests.Support.Cast;

namespace ContactCenter.Tests.Jobs;

/// <summary>Hangfire's dashboard, which by itself answers whoever asks from this machine: as these tests do.</summary>
public sealed class JobDashboardTests(HangfireApp app) : IClassFixture<HangfireApp>
{
    private const string Trigger = JobDashboard.Path + "/recurring/trigger";
    private static readonly string[] Pages =
    [
        "", "/recurring", "/servers", "/retries", "/jobs/enqueued", "/jobs/processing", "/jobs/scheduled",
        "/jobs/succeeded", "/jobs/failed", "/stats",
    ];

    private async Task<bool> IsScheduledAsync(string job) => await MadeAsync(job) is not null;

    /// <summary>Since when the job is scheduled, as the monitor says, which looks once a second.</summary>
    private async Task<DateTime?> MadeAsync(string job) =>
        (await app.Services.GetRequiredService<JobFigures>().ReadAsync(default)).Recurring
            .GetValueOrDefault(job)?.CreatedAt;

    private async Task<long> TriggeredAsync()
    {
        await using var source = NpgsqlDataSource.Create(app.ConnectionString);
        await using var count = source.CreateCommand(
            "select count(*) from hangfire.state where reason = 'Triggered using recurring job manager'");
        return (long)(await count.ExecuteScalarAsync())!;
    }

    [Fact]
    public async Task Nobody_but_an_administrator_is_let_in_from_this_machine_either()
    {
        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(app.Address.Host)), "they ask from loopback");
        var before = await TriggeredAsync();
        using var nobody = app.Open();
        foreach (var page in Pages)
        {
            var answer = await nobody.GetAsync(JobDashboard.Path + page);
            Assert.Equal((page, 302), (page, answer.Status));
            Assert.Contains("/sign-in", answer.Location, StringComparison.Ordinal);
        }
        foreach (var person in (Person[])[Lili, Sofia])
        {
            using var browser = await app.SignInAsync(person);
            foreach (var page in Pages)
            {
                var answer = await browser.GetAsync(JobDashboard.Path + page);
                Assert.Equal((person.Name, page, 403), (person.Name, page, answer.Status));
                Assert.DoesNotContain("Hangfire", answer.Text, StringComparison.Ordinal);
            }
            Assert.Equal(403, (await browser.PostAsync(Trigger, ("jobs[]", "SessionJob"))).Status);
        }
        Assert.Equal(302, (await nobody.PostAsync(Trigger, ("jobs[]", "SessionJob"))).Status);
        Assert.Equal(before, await TriggeredAsync());
    }

    [Fact]
    public async Task Ada_sees_its_pages_under_a_policy_that_stands_on_them_alone()
    {
        using var ada = await app.SignInAsync(Ada);
        foreach (var page in Pages.Where(page => page != "/stats"))
        {
            var answer = await ada.GetAsync(JobDashboard.Path + page);
            Assert.Equal((page, 200), (page, answer.Status));
            Assert.Contains("Hangfire", answer.Text, StringComparison.Ordinal);
            var policy = answer.Header("Content-Security-Policy");
            Assert.StartsWith(
                "default-src 'none'; script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("script-src 'self' 'unsafe", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("Host=", answer.Text, StringComparison.OrdinalIgnoreCase);
        }
        string[] others = ["/administration/jobs", "/administration/campaigns", JobDashboard.Path + "/nothing"];
        foreach (var page in others)
        {
            var policy = (await ada.GetAsync(page)).Header("Content-Security-Policy");
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_it_changes_is_posted_with_a_token()
    {
        using var ada = await app.SignInAsync(Ada);
        await Eventually.Holds("the jobs are scheduled", () => IsScheduledAsync("SessionJob"));
        var before = await TriggeredAsync();
        Assert.Equal(400, (await ada.PostWithoutTokenAsync(Trigger, ("jobs[]", "SessionJob"))).Status);
        using var disguised = new HttpRequestMessage(HttpMethod.Get, Trigger)
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("jobs[]", "SessionJob")]),
        };
        Assert.Equal(405, (await ada.SendAsync(disguised)).Status);
        Assert.Equal(before, await TriggeredAsync());

        Assert.Equal(204, (await ada.PostAsync(Trigger, ("jobs[]", "SessionJob"))).Status);
        Assert.Equal(before + 1, await TriggeredAsync());
    }

    [Fact]
    public async Task A_schedule_that_somebody_deletes_is_made_again()
    {
        using var ada = await app.SignInAsync(Ada);
        await Eventually.Holds("it is scheduled", () => IsScheduledAsync("OpeningJob"));
        var made = await MadeAsync("OpeningJob");
        var removed = await ada.PostAsync(JobDashboard.Path + "/recurring/remove", ("jobs[]", "OpeningJob"));
        Assert.Equal(204, removed.Status);
        await Eventually.Holds("it is scheduled again", async () => await MadeAsync("OpeningJob") > made);
    }
}
