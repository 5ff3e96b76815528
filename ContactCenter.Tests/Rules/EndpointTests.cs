using ContactCenter.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;

namespace ContactCenter.Tests.Rules;

/// <summary>
/// Who may reach what: every route with its policy, in one list to be read. A new route fails here until its line is added,
/// and the line says what was decided: the policy or "anyone"; "no token" where nothing ambient vouches for the sender;
/// the limit.
/// </summary>
public sealed class EndpointTests(App app) : IClassFixture<App>
{
    private const string Expected = """
        / page: anyone
        /administration/campaigns/{id:guid?} page: Administrator
        /administration/campaigns/{id:guid}/activation page: Administrator
        /administration/campaigns/{id:guid}/deletion page: Administrator
        /administration/groups/{id:guid?} page: Administrator
        /administration/groups/{id:guid}/deletion page: Administrator
        /administration/jobs page: Administrator
        /administration/jobs/delivery/{id:guid?} page: Administrator
        /administration/jobs/hangfire/{**path} page: Administrator
        /administration/members page: Administrator
        /administration/security page: Administrator
        /administration/users/{id:guid?} page: Administrator
        /administration/users/{id:guid}/activation page: Administrator
        /administration/users/{id:guid}/invitation page: Administrator
        /administration/users/{id:guid}/link page: Administrator
        /administration/users/{id:guid}/two-factor page: Administrator
        /administration/{kind:catalogue}/{id:guid?} page: Administrator
        /administration/{kind:catalogue}/{id:guid}/activation page: Administrator
        /administration/{kind:catalogue}/{id:guid}/deletion page: Administrator
        /availability page: Agent
        /availability/departure page: Staff
        /chat/{key} page: anyone, no token, Limits.Message
        /chat/{key}/conversation page: anyone, no token, Limits.Start
        /chat/{key}/conversation/leave page: anyone, no token
        /chat/{key}/messages POST: anyone, no token, Limits.Message
        /chat/{key}/messages page: anyone, no token
        /chat/{key}/pane page: anyone, no token
        /chat/{key}/receipts POST: anyone, no token, Limits.Receipt
        /chat/{key}/start page: anyone, no token, Limits.Start
        /chat/{key}/stream GET: anyone, no token
        /chat/{key}/typing POST: anyone, no token, Limits.Receipt
        /contacts/{id:guid} page: Staff
        /contacts/{id:guid}/annotations page: Staff
        /contacts/{id:guid}/panel page: Staff
        /conversations/{id:guid} page: Staff
        /conversations/{id:guid}/assignment page: Agent
        /conversations/{id:guid}/closure page: Staff
        /conversations/{id:guid}/frame page: Staff
        /conversations/{id:guid}/messages page: Staff, Limits.Message
        /conversations/{id:guid}/pane page: Staff
        /conversations/{id:guid}/pause page: Staff
        /conversations/{id:guid}/presence page: Staff
        /conversations/{id:guid}/receipts page: Staff, Limits.Receipt
        /conversations/{id:guid}/resumption page: Staff
        /conversations/{id:guid}/timeline page: Staff
        /conversations/{id:guid}/typing page: Staff, Limits.Receipt
        /demo page: anyone
        /direct-messages/dialog/{with:guid?} page: Staff
        /direct-messages/unread page: Staff
        /direct-messages/{with:guid?} page: Staff, Limits.Message
        /direct-messages/{with:guid}/log page: Staff
        /error page: anyone, no token
        /health/live page: anyone
        /health/ready page: anyone
        /history page: Staff
        /inbox page: Staff
        /inbox/bell page: Staff
        /inbox/kpis page: Staff
        /inbox/list page: Staff
        /inbox/pane page: Staff
        /inbox/stream GET: Staff
        /invitation page: anyone, Limits.SignIn
        /password/recovery page: anyone, Limits.SignIn
        /password/reset page: anyone, Limits.SignIn
        /profile page: SignedIn
        /profile/sessions/{id:guid?} page: SignedIn
        /profile/two-factor page: SignedIn, Limits.SignIn
        /setup page: anyone, Limits.SignIn
        /sign-in page: anyone, Limits.SignIn
        /sign-in/code page: anyone, Limits.SignIn
        /sign-out page: SignedIn
        /supervision/agents/{id:guid} page: Supervision
        /supervision/agents/{id:guid}/break page: Supervision
        /supervision/agents/{id:guid}/departure page: Supervision
        /supervision/board/{campaign:guid?} page: Supervision
        /supervision/conversations/{figure}/{campaign:guid?} page: Supervision
        /supervision/{campaign:guid?} page: Supervision
        /supervision/{campaign:guid}/wallboard page: Supervision
        """;

    [Fact]
    public async Task Every_route_has_the_policy_that_was_decided()
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var route in await Route.AllAsync(app.Services)) lines.Add(Line(route));
        var expected = Expected.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.SequenceEqual(expected, StringComparer.Ordinal), string.Join('\n',
            lines.Except(expected, StringComparer.Ordinal).Select(line => "new:  " + line)
                .Concat(expected.Except(lines, StringComparer.Ordinal).Select(line => "gone: " + line))));
    }

    private static string Line(Route route)
    {
        var verbs = route.Verbs.Count > 0 ? string.Join(',', route.Verbs) : "page";
        var policy = route.IsOpen ? "anyone"
            : string.Join('+', route.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(each => each.Policy ?? "SignedIn")
                .Distinct(StringComparer.Ordinal).DefaultIfEmpty("nothing said"));
        var limit = route.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName;
        return $"{route.Pattern} {verbs}: {policy}{(route.NeedsToken ? "" : ", no token")}{(limit is null ? "" : ", " + limit)}";
    }
}
