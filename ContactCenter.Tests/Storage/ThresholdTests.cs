using System.Globalization;
using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Storage;

/// <summary>Times that pass, second by second on a clock that the test moves.</summary>
public sealed class ThresholdTests(Scene scene) : IClassFixture<Scene>
{
    private Task<Campaign> CampaignAsync() => scene.CampaignAsync($"c{Ids.New(TimeProvider.System):N}"[..20], settings =>
        (settings.ChatTimeYellow, settings.ChatTimeRed, settings.IdleAfter) = (60, 90, 45));

    /// <summary>The seconds from now at which something of the campaign passes a time, as a job that looks every second finds them.</summary>
    private async Task<List<int>> SecondsAsync(Campaign campaign, int seconds)
    {
        var found = new List<int>();
        for (var second = 1; second <= seconds; second++)
        {
            var from = scene.Clock.GetUtcNow();
            scene.Clock.Advance(TimeSpan.FromSeconds(1));
            if ((await scene.Get<ThresholdStore>().CrossedAsync(from, scene.Clock.GetUtcNow())).Contains(campaign.Id)) found.Add(second);
        }
        return found;
    }

    [Fact]
    public async Task A_conversation_passes_each_band_once_on_its_second_paused_or_not_and_never_once_it_is_finished()
    {
        var campaign = await CampaignAsync();
        var lili = await scene.AgentAsync($"Lili{Ids.New(TimeProvider.System):N}");
        var marta = await scene.VisitorAsync("Marta");
        Assert.DoesNotContain(campaign.Id, await scene.Get<ThresholdStore>().CrossedAsync(scene.Clock.GetUtcNow().AddDays(-1), scene.Clock.GetUtcNow().AddDays(1)));
        await scene.AssignAsync();

        Assert.Equal("60", string.Join(' ', await SecondsAsync(campaign, 70)));
        await scene.Conversations.PauseAsync(marta.Id, lili.Id, "Lili");
        Assert.Equal("20", string.Join(' ', await SecondsAsync(campaign, 25)));

        var ana = await scene.VisitorAsync("Ana");
        await scene.AssignAsync();
        await scene.Conversations.FinishAsync(ana.Id, lili.Id, "Lili", null);
        Assert.Empty(await SecondsAsync(campaign, 61));
    }

    [Fact]
    public async Task An_agent_who_holds_nothing_is_idle_after_the_campaigns_time_and_one_on_a_break_is_not()
    {
        var campaign = await CampaignAsync();
        var omar = await scene.AgentAsync($"Omar{Ids.New(TimeProvider.System):N}");
        await scene.Agents.EnterAsync(omar.Id);
        Assert.Equal("45", string.Join(' ', await SecondsAsync(campaign, 60)));

        await scene.Agents.SetAcceptingAsync(omar.Id, false);
        Assert.Empty(await SecondsAsync(campaign, 50));
        await scene.Agents.SetAcceptingAsync(omar.Id, true);
        Assert.Equal("45", string.Join(' ', await SecondsAsync(campaign, 50)));
    }

    [Fact]
    public async Task A_wait_passes_the_service_level_once_on_its_second_and_never_once_somebody_came()
    {
        var campaign = await scene.CampaignAsync($"c{Ids.New(TimeProvider.System):N}"[..20], settings => settings.ServiceLevelSeconds = 20);
        var store = scene.Get<ThresholdStore>();
        async Task<string> SecondsAsync()
        {
            var found = new List<int>();
            for (var second = 1; second <= 30; second++)
            {
                var from = scene.Clock.GetUtcNow();
                scene.Clock.Advance(TimeSpan.FromSeconds(1));
                if ((await store.OverdueAsync(from, scene.Clock.GetUtcNow())).Contains(campaign.Id)) found.Add(second);
            }
            return string.Join(' ', found);
        }
        await scene.VisitorAsync("Marta");
        Assert.Equal("20", await SecondsAsync());

        await scene.AgentAsync($"Lili{Ids.New(TimeProvider.System):N}");
        await scene.VisitorAsync("Ana");
        await scene.AssignAsync();
        Assert.Equal("", await SecondsAsync());
    }

    [Theory]
    [InlineData("America/Montevideo", "03:00:00")]
    [InlineData("Asia/Kathmandu", "18:15:00")]
    public async Task A_day_begins_at_the_campaigns_midnight(string zone, string midnight)
    {
        var campaign = await scene.CampaignAsync($"c{Ids.New(TimeProvider.System):N}"[..20], settings => settings.Hours.TimeZone = zone);
        var store = scene.Get<ThresholdStore>();
        var day = new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero) + TimeSpan.Parse(midnight, CultureInfo.InvariantCulture);
        var second = TimeSpan.FromSeconds(1);
        Assert.Contains(campaign.Id, await store.DaysBegunAsync(day - second, day));
        Assert.DoesNotContain(campaign.Id, await store.DaysBegunAsync(day, day + second));
        Assert.DoesNotContain(campaign.Id, await store.DaysBegunAsync(day - (2 * second), day - second));
        Assert.Contains(campaign.Id, await store.DaysBegunAsync(day - TimeSpan.FromHours(3), day + TimeSpan.FromHours(3)));
    }

    [Fact]
    public async Task After_a_pause_of_the_job_one_look_finds_what_passed_in_it()
    {
        var campaign = await CampaignAsync();
        await scene.AgentAsync($"Lili{Ids.New(TimeProvider.System):N}");
        await scene.VisitorAsync("Marta");
        await scene.AssignAsync();
        var from = scene.Clock.GetUtcNow();
        scene.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Contains(campaign.Id, await scene.Get<ThresholdStore>().CrossedAsync(from, scene.Clock.GetUtcNow()));
    }
}
