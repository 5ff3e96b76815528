using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Storage;

/// <summary>One class, one queue: each test leaves it without anything due.</summary>
public sealed class OutboxStoreTests(Scene scene) : IClassFixture<Scene>, IAsyncLifetime
{
    private static readonly Viewer Ada = new(Guid.Empty, "Ada", Supervises: true);

    private OutboxStore Outbox => scene.Get<OutboxStore>();

    public Task InitializeAsync() => scene.ReadAsync(db => db.Outbox.ExecuteDeleteAsync());

    public Task DisposeAsync() => Task.CompletedTask;

    private Task AskAsync(string address) => Outbox.AskAsync(MailKind.Recovery, address, "https://chat.example.com", "es");

    private Task<OutboxMail> ReadAsync(OutboxMail mail) => scene.ReadAsync(db => db.Outbox.AsNoTracking().SingleAsync(m => m.Id == mail.Id));

    private async Task<OutboxMail> DieAsync(string address)
    {
        await AskAsync(address);
        OutboxMail? last = null;
        for (var attempt = 1; attempt <= OutboxMail.MaxAttempts; attempt++)
        {
            last = Assert.Single(await Outbox.ClaimAsync(10));
            Assert.Equal(attempt, last.Attempts);
            var next = await Outbox.FailedAsync(last, "451 Try again later");
            Assert.Equal(attempt == OutboxMail.MaxAttempts, next is null);
            if (next is { } at) scene.Clock.Advance(at - scene.Clock.GetUtcNow());
        }
        return last!;
    }

    [Fact]
    public async Task Asked_for_ten_times_at_once_it_is_one_mail_and_a_minute_after_it_left_it_may_be_asked_for_again()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(n => AskAsync(n % 2 == 0 ? "lili@demo.local" : "LILI@demo.local")));
        var mail = Assert.Single(await Outbox.ClaimAsync(10));
        await AskAsync("lili@demo.local");
        await Outbox.SentAsync(mail);
        await AskAsync("Lili@demo.local");
        Assert.Empty(await Outbox.ClaimAsync(10));

        scene.Clock.Advance(TimeSpan.FromMinutes(1));
        await AskAsync("lili@demo.local");
        Assert.Single(await Outbox.ClaimAsync(10));
    }

    [Fact]
    public async Task Four_nodes_claim_each_mail_once()
    {
        for (var n = 0; n < 40; n++) await AskAsync($"person{n}@demo.local");

        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var mine = new List<OutboxMail>();
            while (await Outbox.ClaimAsync(3) is { Count: > 0 } some) mine.AddRange(some);
            return mine;
        }));

        Assert.Equal(40, claims.SelectMany(each => each).Select(mail => mail.Id).Distinct().Count());
        Assert.Equal(40, claims.Sum(each => each.Count));
    }

    [Fact]
    public async Task What_a_killed_node_had_claimed_is_claimed_again_and_an_outcome_that_comes_late_changes_nothing()
    {
        await AskAsync("omar@demo.local");
        var first = Assert.Single(await Outbox.ClaimAsync(10));
        scene.Clock.Advance(OutboxStore.Claim - TimeSpan.FromSeconds(1));
        Assert.Empty(await Outbox.ClaimAsync(10));
        scene.Clock.Advance(TimeSpan.FromSeconds(1));

        var second = Assert.Single(await Outbox.ClaimAsync(10));
        Assert.Equal((first.Id, 2), (second.Id, second.Attempts));
        await Outbox.FailedAsync(first, "too late");
        Assert.Null((await ReadAsync(second)).Problem);
        await Outbox.SentAsync(second);
        await Outbox.FailedAsync(second, "too late");
        Assert.NotNull((await ReadAsync(second)).SentAt);
    }

    [Fact]
    public async Task After_its_last_attempt_it_is_a_dead_letter_until_somebody_sends_it_again()
    {
        var mail = await DieAsync("ines@demo.local");
        scene.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await Outbox.ClaimAsync(10));
        var dead = Assert.Single((await Outbox.ReadAsync(Ada, default)).Dead);
        Assert.Equal((mail.Id, "451 Try again later"), (dead.Id, dead.Problem));

        Assert.Equal(0, await Outbox.RetryAsync(Ada, Ids.New(scene.Clock)));
        Assert.Equal(1, await Outbox.RetryAsync(Ada, mail.Id));
        Assert.Equal(0, await Outbox.RetryAsync(Ada, mail.Id));
        Assert.Equal(1, Assert.Single(await Outbox.ClaimAsync(10)).Attempts);
    }

    [Fact]
    public async Task A_mail_that_ends_every_node_that_sends_it_dies_too()
    {
        await AskAsync("poison@demo.local");
        for (var attempt = 1; attempt <= OutboxMail.MaxAttempts; attempt++)
        {
            Assert.Single(await Outbox.ClaimAsync(10));
            scene.Clock.Advance(OutboxStore.Claim);
        }
        Assert.Empty(await Outbox.ClaimAsync(10));
        Assert.Equal("The node ended while it was sending.", Assert.Single((await Outbox.ReadAsync(Ada, default)).Dead).Problem);
    }

    [Fact]
    public async Task All_dead_letters_go_again_once_for_each_address_and_none_beside_one_that_waits()
    {
        await DieAsync("ana@demo.local");
        await DieAsync("ana@demo.local");
        await DieAsync("bruno@demo.local");
        await AskAsync("bruno@demo.local");

        Assert.Equal(3, await Outbox.RetryAsync(Ada, null));

        Assert.Equal("ana@demo.local bruno@demo.local", string.Join(' ', (await Outbox.ClaimAsync(10)).Select(mail => mail.Address).Order(StringComparer.Ordinal)));
        Assert.Empty((await Outbox.ReadAsync(Ada, default)).Dead);
    }
}
