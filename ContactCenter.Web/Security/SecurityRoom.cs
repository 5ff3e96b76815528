using System.ComponentModel.DataAnnotations;
using System.Net;
using ContactCenter.Hosting;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ContactCenter.Security;

/// <summary>Where the application stands in the network, from <c>ContactCenter</c>.</summary>
public sealed class PlaceSettings
{
    /// <summary>Addresses or networks (CIDR) of the proxies whose X-Forwarded-For and -Proto are believed, besides loopback.</summary>
    public IList<string> Proxies { get; } = [];

    /// <summary>The address people use, for links. Without it none leaves: the host of a request is its sender's choice.</summary>
    [Url] public string? PublicUrl { get; set; }

    /// <summary>Hosts that are answered besides the one of <see cref="PublicUrl"/> and loopback; <c>*.example.com</c>: all below it.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>How often a session is held against its account: after a new password others end at once, on a node that could not be told within this many seconds.</summary>
    [Range(0, 3600)] public int SessionCheckSeconds { get; set; } = 30;
}

/// <summary>Accounts, sessions and everything that says no.</summary>
public static class SecurityRoom
{
    /// <summary>The largest body in bytes of what sets no limit of its own. The longest form is that of a campaign: a few hundred KB when every text is full.</summary>
    public const int LargestForm = 1024 * 1024;

    public static IServiceCollection AddSecurity(this IServiceCollection services)
    {
        services.AddOptions<PlaceSettings>().BindConfiguration("ContactCenter").ValidateDataAnnotations()
            .Validate(place => place.PublicUrl is null || IsWeb(place.PublicUrl), "ContactCenter:PublicUrl must be an address such as https://chat.example.com.")
            .Validate(
                place => place.AllowedHosts.All(IsHost),
                "Each of ContactCenter:AllowedHosts must be a host such as intranet.example.com or *.example.com.")
            .ValidateOnStart();
        services.AddSingleton<PublicAddress>();
        services.AddHttpContextAccessor();
        AddAccounts(services);
        Policies.Add(services.AddAuthorizationBuilder());
        Limits.Add(services);

        services.AddAntiforgery(options =>
        {
            options.HeaderName = AgedForms.TokenHeader;
            options.Cookie.Name = "contactcenter-form";
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            // Our own header says it for every page, and lets the chat's be framed.
            options.SuppressXFrameOptionsHeader = true;
        });

        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<PlaceSettings>>((options, place) =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.ForwardLimit = null;
            foreach (var proxy in place.Value.Proxies)
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy.Contains('/') ? proxy : $"{proxy}/{(proxy.Contains(':') ? 128 : 32)}"));
        });
        services.Configure<MvcOptions>(options =>
        {
            options.Filters.Add<AgedForms>();
            options.Filters.Add<KnownVerbs>();
        });
        services.AddHsts(options => options.MaxAge = TimeSpan.FromDays(365));
        services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            // A form is read as a whole before it is looked at, also a stranger's: what they may make us keep is bounded.
            options.Limits.MaxRequestBodySize = LargestForm;
            // Whoever dribbles is cut off, so that connections are not held for nothing.
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            options.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        });
        return services;
    }

    private static bool IsWeb(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url.PathAndQuery == "/" && url.UserInfo.Length == 0;

    private static bool IsHost(string host)
    {
        try
        {
            return PublicAddress.InPunycode(host) is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>All of it in its one order, routing included. What follows may trust that the request is allowed.</summary>
    public static void UseSecurity(this WebApplication app)
    {
        app.Services.GetRequiredService<PublicAddress>().Tell();
        app.UseForwardedHeaders();
        app.UseHsts();
        app.UseMiddleware<SecurityHeaders>();
        app.UseFailures();
        app.UseMiddleware<HostGuard>();
        app.UseRouting();
        app.UseMiddleware<CrossSiteGuard>();
        app.Use(SkipWhatIsNotThere);
        app.UseAuthentication();
        app.Use(SessionCheck.RefuseUnchecked);
        app.UseRequestLocalization();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseMiddleware<FormGuard>();
        app.UseAntiforgery();
    }

    // Nothing there is 404 for everyone, not a sign-in for some; the routing's own refusals (405, 415) bear no policy either.
    private static Task SkipWhatIsNotThere(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is { } endpoint)
            return endpoint.Metadata.Count == 0 && endpoint.RequestDelegate is { } refuse ? refuse(context) : next(context);
        context.Fail(StatusCodes.Status404NotFound);
        return Task.CompletedTask;
    }

    /// <summary>Where a request came from, as people write it.</summary>
    internal static string RemoteAddress(this HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address ? $"{(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}" : "";

    private static void AddAccounts(IServiceCollection services)
    {
        services.AddIdentity<User, IdentityRole<Guid>>(options =>
            {
                options.User.RequireUniqueEmail = true;
                options.User.AllowedUserNameCharacters = "";
                // Length is what counts (NIST SP 800-63B); what is easy to guess is refused by GuessablePasswords.
                options.Password.RequiredLength = 10;
                options.Password.RequiredUniqueChars = 5;
                options.Password.RequireDigit = false;
                options.Password.RequireLowercase = false;
                options.Password.RequireUppercase = false;
                options.Password.RequireNonAlphanumeric = false;
                // A lockout of the account would be a weapon against its owner: Guesses bounds it, by account and place.
                options.Lockout.MaxFailedAccessAttempts = int.MaxValue;
            })
            .AddEntityFrameworkStores<Database>()
            .AddUserStore<AccountStore>()
            .AddSignInManager<SignIn>()
            .AddClaimsPrincipalFactory<Principals>()
            .AddErrorDescriber<IdentityTexts>()
            .AddPasswordValidator<GuessablePasswords>()
            .AddDefaultTokenProviders()
            .AddTokenProvider<SpentCodes>(TokenOptions.DefaultAuthenticatorProvider)
            .AddTokenProvider<InvitationTokens>(Invitations.Provider);
        services.AddScoped<ISecurityStampValidator, SessionCheck>();
        services.ConfigureApplicationCookie(Sessions.Configure);
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme).PostConfigure<TimeProvider>(
            (options, clock) => options.TicketDataFormat = new RememberedTickets(options.TicketDataFormat, clock));
        services.Configure<CookieAuthenticationOptions>(IdentityConstants.TwoFactorUserIdScheme, Sessions.ConfigureSecondStep);
        services.Configure<DataProtectionTokenProviderOptions>(options => options.TokenLifespan = TimeSpan.FromHours(1));
        services.AddOptions<SecurityStampValidatorOptions>().Configure<IOptions<PlaceSettings>>((options, place) =>
            options.ValidationInterval = TimeSpan.FromSeconds(place.Value.SessionCheckSeconds));
        services.AddSingleton<FirstVisit>();
        services.AddSingleton<SetupCodeStore>();
        services.AddSingleton<SetupCodes>();
        services.AddSingleton<KnownBrowsers>();
        services.AddSingleton<ChosenAddress>();
        services.AddScoped<Guesses>();
        services.AddSingleton<CommonPasswords>();
        services.AddScoped<Accounts>();
        services.AddScoped<IFirstAdministrator>(provider => provider.GetRequiredService<Accounts>());

        services.AddOptions<SmtpSettings>().BindConfiguration("ContactCenter:Smtp").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Mailer>();
        services.AddSingleton<Letters>();
        services.AddSingleton<Postman>();
    }
}
