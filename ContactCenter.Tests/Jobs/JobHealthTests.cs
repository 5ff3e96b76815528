using ContactCenter.Domain;
using ContactCenter.Jobs;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ContactCenter.Tests.Jobs;

public sealed class JobHealthTests(Scene scene) : IClassFixture<Scene>
{
    private static async Task<string?> LateAsync(JobHealth health)
    {
        var registration = new HealthCheckRegistration("jobs", health, HealthStatus.Unhealthy, null);
        return (await health.CheckHealthAsync(new HealthCheckContext { Registration = registration })).Description;
    }

    private Task TellAsync(
        string node, string name, DateTimeOffset startedAt, int took, DateTimeOffset? since = null) =>
        scene.Get<JobStore>().SaveAsync(
            new JobRecord { Node = node, Name = name, StartedAt = startedAt, Recent = [took], SteadySince = since });

    [Fact]
    public async Task A_shared_job_is_late_when_no_node_runs_it_and_a_nodes_own_when_it_does_not()
    {
        var health = new JobHealth(scene.Get<JobStore>(), scene.Clock);
        Assert.Null(await LateAsync(health));
        scene.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(
            "Late: Sweep, ThresholdJob, PresenceWatch, AbandonmentJob, OpeningJob, OutboxJob, SessionJob",
            await LateAsync(health));

        var now = scene.Clock.GetUtcNow();
        foreach (var name in (string[])["Sweep", "AbandonmentJob", "OpeningJob"])
            await TellAsync("elsewhere", name, now.AddSeconds(-3), 5);
        await TellAsync("elsewhere", "OutboxJob", now.AddSeconds(-3), -5);
        health.Ran("ThresholdJob", now);
        Assert.Equal("Late: Sweep, PresenceWatch, OutboxJob, SessionJob", await LateAsync(health));
    }

    [Fact]
    public async Task Nobody_has_abandoned_until_a_node_has_looked_for_long_enough_without_a_gap()
    {
        var grace = TimeSpan.FromSeconds(45);
        await scene.CampaignAsync(set: settings => settings.AbandonAfter = 60);
        var marta = await scene.VisitorAsync("Marta");
        scene.Clock.Advance(TimeSpan.FromMinutes(5));
        var job = new AbandonmentJob(
            scene.Conversations, scene.Get<JobStore>(),
            Options.Create(new PresenceOptions { PresenceGraceSeconds = 45 }),
            NullLogger<AbandonmentJob>.Instance);
        var now = scene.Clock.GetUtcNow();

        async Task<ConversationState> RunAsync()
        {
            await job.RunAsync(default);
            return (await scene.ReloadAsync(marta)).State;
        }

        Assert.Equal(ConversationState.Waiting, await RunAsync());
        // One has just begun, after a start or an outage; the other looked for long and has ended, or is cut off now.
        await TellAsync("fresh", "PresenceWatch", now, 1, now - grace + TimeSpan.FromSeconds(1));
        await TellAsync("gone", "PresenceWatch", now - JobRecord.Gap - TimeSpan.FromSeconds(1), 1, now.AddHours(-1));
        Assert.Equal(ConversationState.Waiting, await RunAsync());
        // Whichever node runs the job: another one has looked.
        await TellAsync("old", "PresenceWatch", now.AddSeconds(-5), 1, now.AddHours(-1));
        Assert.Equal(ConversationState.Finished, await RunAsync());
    }
}
