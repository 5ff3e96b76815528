using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Threading.RateLimiting;
using ContactCenter.Channels.WebChat;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace ContactCenter.Security;

/// <summary>How much one may ask, from <c>ContactCenter:Limits</c>.</summary>
public sealed class LimitSettings
{
    /// <summary>Messages a second of one visitor or user, on average.</summary>
    [Range(1, 1_000_000)] public int MessagesPerSecond { get; set; } = 5;

    /// <summary>Messages at once after a pause.</summary>
    [Range(1, 1_000_000)] public int MessageBurst { get; set; } = 20;

    /// <summary>Receipts and typing signals a second of one visitor or user.</summary>
    [Range(1, 1_000_000)] public int ReceiptsPerSecond { get; set; } = 20;

    /// <summary>Conversations begun in a minute from one address.</summary>
    [Range(1, 1_000_000)] public int StartsPerMinute { get; set; } = 10;

    /// <summary>Sign-ins, recoveries and the like tried in a minute from one address.</summary>
    [Range(1, 1_000_000)] public int SignInsPerMinute { get; set; } = 20;

    /// <summary>How many visitors' worth one address may send: an office has many people, a flood one sender.</summary>
    [Range(1, 1_000_000)] public int VisitorsPerAddress { get; set; } = 40;

    /// <summary>Streams a visitor may have open at one node, one for each tab; one more closes the oldest.</summary>
    [Range(1, 1_000_000)] public int StreamsPerVisitor { get; set; } = 6;

    /// <summary>Visitors' streams from one address at one node: some dozens more than <see cref="VisitorsPerAddress"/>.</summary>
    [Range(1, 1_000_000)] public int StreamsPerAddress { get; set; } = 120;

    /// <summary>Streams of one sign-in of staff at one node, one for each tab.</summary>
    [Range(1, 1_000_000)] public int StreamsPerSession { get; set; } = 36;

    /// <summary>How many addresses' worth one site may send: a /48 of IPv6, in which an address is a /64.</summary>
    [Range(1, 1_000_000)] public int AddressesPerSite { get; set; } = 10;
}

/// <summary>
/// What a visitor without JavaScript may send: their token stands in the form, and the limits before it, which read no forms,
/// know the address only. From many addresses one visitor would be many.
/// </summary>
public sealed class PlainFormLimit(IOptions<LimitSettings> settings) : IDisposable
{
    private readonly PartitionedRateLimiter<Visitor> limiter = PartitionedRateLimiter.Create<Visitor, Guid>(
        visitor => RateLimitPartition.GetTokenBucketLimiter(visitor.ContactId, _ => Limits.OfMessages(settings.Value)));

    /// <returns>Seconds until there is room again, or null where there is.</returns>
    public int? Wait(Visitor visitor)
    {
        using var lease = limiter.AttemptAcquire(visitor);
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
    }

    public void Dispose() => limiter.Dispose();
}

/// <summary>The names of the rate limits, for <c>RequireRateLimiting</c> and <c>[EnableRateLimiting]</c>.</summary>
public static class Limits
{
    public const string Message = nameof(Limits) + "." + nameof(Message);
    public const string Receipt = nameof(Limits) + "." + nameof(Receipt);
    public const string Start = nameof(Limits) + "." + nameof(Start);
    public const string SignIn = nameof(Limits) + "." + nameof(SignIn);

    internal static void Add(IServiceCollection services)
    {
        services.AddOptions<LimitSettings>().BindConfiguration("ContactCenter:Limits").ValidateDataAnnotations().ValidateOnStart();
        services.AddRateLimiter();
        services.AddSingleton<PlainFormLimit>();
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitSettings>>((options, settings) => Configure(options, settings.Value));
    }

    private static void Configure(RateLimiterOptions options, LimitSettings settings)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = SayWhen;

        var message = OfMessages(settings);
        var receipt = Bucket(settings.ReceiptsPerSecond * 2, settings.ReceiptsPerSecond);
        options.AddPolicy(Message, context => OfSender(context, message));
        options.AddPolicy(Receipt, context => OfSender(context, receipt));
        options.AddPolicy(Start, context => PerMinute(context, settings.StartsPerMinute));
        options.AddPolicy(SignIn, context => PerMinute(context, settings.SignInsPerMinute));

        // Whoever begins many conversations has many tokens, and a bucket for each, were it not for the one of their address.
        var address = new Dictionary<string, TokenBucketRateLimiterOptions>(StringComparer.Ordinal)
        {
            [Message] = Bucket(settings.MessageBurst * settings.VisitorsPerAddress, settings.MessagesPerSecond * settings.VisitorsPerAddress),
            [Receipt] = Bucket(settings.ReceiptsPerSecond * 2 * settings.VisitorsPerAddress, settings.ReceiptsPerSecond * settings.VisitorsPerAddress),
        };
        // Whoever has a /48 has 65,536 addresses.
        var site = address.ToDictionary(
            each => each.Key, each => Times(each.Value, settings.AddressesPerSite), StringComparer.Ordinal);
        site[Start] = Times(PerMinute(settings.StartsPerMinute), settings.AddressesPerSite);
        site[SignIn] = Times(PerMinute(settings.SignInsPerMinute), settings.AddressesPerSite);
        options.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(context => OfPlace(context, address, Addresses.Of(context))),
            PartitionedRateLimiter.Create<HttpContext, string>(context => OfPlace(context, site, Addresses.SiteOf(context))));
    }

    private static RateLimitPartition<string> OfPlace(
        HttpContext context, Dictionary<string, TokenBucketRateLimiterOptions> buckets, string? place) =>
        place is not null
        && IsOpen(context)
        && CrossSiteGuard.Changes(context.Request.Method)
        && context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is { } policy
        && buckets.TryGetValue(policy, out var bucket)
            ? RateLimitPartition.GetTokenBucketLimiter(policy + " " + place, _ => bucket)
            : RateLimitPartition.GetNoLimiter("");

    private static TokenBucketRateLimiterOptions Times(TokenBucketRateLimiterOptions bucket, int factor) => new()
    {
        TokenLimit = bucket.TokenLimit * factor,
        TokensPerPeriod = bucket.TokensPerPeriod * factor,
        ReplenishmentPeriod = bucket.ReplenishmentPeriod,
        QueueLimit = 0,
    };

    internal static TokenBucketRateLimiterOptions OfMessages(LimitSettings settings) => Bucket(settings.MessageBurst, settings.MessagesPerSecond);

    private static TokenBucketRateLimiterOptions Bucket(int burst, int perSecond) => new()
    {
        TokenLimit = Math.Max(burst, 1),
        TokensPerPeriod = Math.Max(perSecond / 5, 1),
        ReplenishmentPeriod = perSecond >= 5 ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(1.0 / perSecond),
        QueueLimit = 0,
    };

    // Only what changes something counts: looking at a form, or at older messages, is not sending one.
    private static RateLimitPartition<string> OfSender(HttpContext context, TokenBucketRateLimiterOptions bucket) =>
        CrossSiteGuard.Changes(context.Request.Method)
            ? RateLimitPartition.GetTokenBucketLimiter(Sender(context), _ => bucket)
            : RateLimitPartition.GetNoLimiter("");

    private static RateLimitPartition<string> PerMinute(HttpContext context, int perMinute) =>
        !CrossSiteGuard.Changes(context.Request.Method)
            ? RateLimitPartition.GetNoLimiter("")
            : RateLimitPartition.GetTokenBucketLimiter(Addresses.Of(context), _ => PerMinute(perMinute));

    private static TokenBucketRateLimiterOptions PerMinute(int perMinute) => new()
    {
        TokenLimit = perMinute,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromMinutes(1.0 / perMinute),
        QueueLimit = 0,
    };

    // Where anyone may come, whom the token names, and never how it was spelled; elsewhere, who is signed in.
    private static string Sender(HttpContext context)
    {
        if (!IsOpen(context)) return "u" + context.User.Id();
        var tokens = context.RequestServices.GetRequiredService<VisitorToken>();
        return tokens.Name(context.Request.Headers[VisitorToken.Header]) is { } visitor
            ? $"v{visitor.ContactId:N}{visitor.CampaignId:N}"
            : Addresses.Of(context);
    }

    private static bool IsOpen(HttpContext context) =>
        context.User.Identity?.IsAuthenticated != true || context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static ValueTask SayWhen(OnRejectedContext rejected, CancellationToken cancel)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var T = rejected.HttpContext.RequestServices.GetRequiredService<IStringLocalizer<Text>>();
        rejected.HttpContext.Fail(StatusCodes.Status429TooManyRequests, T["Too much at once. Try again in {0} s.", seconds]);
        return ValueTask.CompletedTask;
    }
}
