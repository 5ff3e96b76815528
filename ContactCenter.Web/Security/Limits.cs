using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
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
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitSettings>>((options, settings) => Configure(options, settings.Value));
    }

    private static void Configure(RateLimiterOptions options, LimitSettings settings)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = SayWhen;

        var message = Bucket(settings.MessageBurst, settings.MessagesPerSecond);
        var receipt = Bucket(settings.ReceiptsPerSecond * 2, settings.ReceiptsPerSecond);
        options.AddPolicy(Message, context => OfSender(context, message));
        options.AddPolicy(Receipt, context => OfSender(context, receipt));
        options.AddPolicy(Start, context => PerMinute(context, settings.StartsPerMinute));
        options.AddPolicy(SignIn, context => PerMinute(context, settings.SignInsPerMinute));

        // A visitor's token is read from a header nobody has checked yet: whoever makes up a new one for each request
        // would have a new bucket each time, were it not for the one of their address.
        var address = new Dictionary<string, TokenBucketRateLimiterOptions>(StringComparer.Ordinal)
        {
            [Message] = Bucket(settings.MessageBurst * settings.VisitorsPerAddress, settings.MessagesPerSecond * settings.VisitorsPerAddress),
            [Receipt] = Bucket(settings.ReceiptsPerSecond * 2 * settings.VisitorsPerAddress, settings.ReceiptsPerSecond * settings.VisitorsPerAddress),
        };
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            (context.User.Identity?.IsAuthenticated != true || context.Request.Headers.ContainsKey("X-Visitor"))
            && CrossSiteGuard.Changes(context.Request.Method)
            && context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is { } policy
            && address.TryGetValue(policy, out var bucket)
                ? RateLimitPartition.GetTokenBucketLimiter(policy + " " + Address(context), _ => bucket)
                : RateLimitPartition.GetNoLimiter(""));
    }

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
            : RateLimitPartition.GetTokenBucketLimiter(Address(context), _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = perMinute,
                TokensPerPeriod = 1,
                ReplenishmentPeriod = TimeSpan.FromMinutes(1.0 / perMinute),
                QueueLimit = 0,
            });

    private static string Sender(HttpContext context)
    {
        var visitor = context.Request.Headers["X-Visitor"].ToString();
        if (visitor.Length > 0) return "v" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(visitor)));
        return context.User.Identity?.IsAuthenticated == true ? "u" + context.User.Id() : Address(context);
    }

    // The first half of an IPv6 address is the subscriber, the rest is theirs to vary.
    private static string Address(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes, 0, Math.Min(bytes.Length, 8));
    }

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
