using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Tests.Rules;

/// <summary>An endpoint of the application and what it says of itself.</summary>
/// <param name="Verbs">Empty for what answers to every verb, as pages do.</param>
/// <param name="Handlers">A page's: verb and name, which is empty for the usual one. Null for what is no page.</param>
public sealed record Route(
    string Pattern, EndpointMetadataCollection Metadata, IReadOnlyList<string> Verbs, IReadOnlyList<(string Verb, string Name)>? Handlers)
{
    public bool IsOpen => Metadata.GetMetadata<IAllowAnonymous>() is not null;

    public bool NeedsToken =>
        Metadata.GetMetadata<IAntiforgeryMetadata>()?.RequiresValidation != false && Metadata.GetMetadata<IgnoreAntiforgeryTokenAttribute>() is null;

    public bool Answers(string verb) => Verbs.Count == 0 || Verbs.Contains(verb, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a page has a handler; what is no page has one for each of its verbs.</summary>
    public bool Handles(string verb, string name) => Handlers is null
        || Handlers.Any(handler => string.Equals(handler.Verb, verb, StringComparison.OrdinalIgnoreCase) && handler.Name == name);

    /// <summary>Whether its policies let this user in.</summary>
    public async Task<bool> LetsInAsync(IServiceProvider services, ClaimsPrincipal user)
    {
        if (IsOpen) return true;
        var policies = services.GetRequiredService<IAuthorizationPolicyProvider>();
        var policy = await AuthorizationPolicy.CombineAsync(policies, Metadata.GetOrderedMetadata<IAuthorizeData>())
            ?? await policies.GetFallbackPolicyAsync();
        Assert.True(policy is not null, $"{Pattern} has no policy, and there is none for what says nothing.");
        return (await services.GetRequiredService<IAuthorizationService>().AuthorizeAsync(user, null, policy)).Succeeded;
    }

    /// <summary>All of them, without the files of wwwroot.</summary>
    public static async Task<IReadOnlyList<Route>> AllAsync(IServiceProvider services)
    {
        var loader = services.GetRequiredService<PageLoader>();
        var routes = new List<Route>();
        foreach (var endpoint in services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            // The second finds, in a build that is not published, those added since.
            if (endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null || endpoint.RoutePattern.RawText == "{**path:file}") continue;
            var verbs = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [];
            var (metadata, handlers) = (endpoint.Metadata, (IReadOnlyList<(string, string)>?)null);
            if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is { } page)
            {
                // A page's attributes are read when the page is first asked for.
                var loaded = await loader.LoadAsync(page, endpoint.Metadata);
                metadata = new EndpointMetadataCollection([.. endpoint.Metadata, .. loaded.HandlerTypeInfo.GetCustomAttributes(true)]);
                handlers = [.. loaded.HandlerMethods.Select(handler => (handler.HttpMethod, handler.Name ?? ""))];
            }
            routes.Add(new Route("/" + endpoint.RoutePattern.RawText!.TrimStart('/'), metadata, verbs, handlers));
        }
        return routes;
    }
}
