using System.Globalization;
using ContactCenter.Security;
using ContactCenter.Storage;

namespace ContactCenter.Realtime;

public static class StreamEndpoints
{
    /// <summary>The stream of a tab of staff; the visitor's is with their channel.</summary>
    public static void MapStreams(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/inbox/stream", (HttpContext context, Guid? conversation, Streams streams) =>
            streams.ForStaffAsync(
                context, Viewer.Of(context.User), conversation, CultureInfo.CurrentUICulture.TwoLetterISOLanguageName))
            .RequireAuthorization(Policies.Staff);
}
