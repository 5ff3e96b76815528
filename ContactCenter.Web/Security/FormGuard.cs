using System.Buffers;
using System.Text.Unicode;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Security;

/// <summary>
/// Looks at what is posted before its endpoint does: a form must be UTF-8, and must carry the antiforgery token (header
/// <c>RequestVerificationToken</c> or field) unless its endpoint says that nothing ambient vouches for it
/// (<c>DisableAntiforgery()</c>, <c>[IgnoreAntiforgeryToken]</c>: the visitor's, whose token is a header). Without it nothing
/// is done, and what was typed is shown again (<see cref="AgedForms"/>).
/// </summary>
sealed class FormGuard(RequestDelegate next, IAntiforgery antiforgery)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { } endpoint && CrossSiteGuard.Changes(context.Request.Method) && !context.IsFailing())
        {
            if (IsForm(context.Request) && !await IsUtf8Async(context.Request, context.RequestAborted))
            {
                context.Fail(StatusCodes.Status400BadRequest);
                return;
            }
            if (NeedsToken(endpoint) && !await antiforgery.IsRequestValidAsync(context))
            {
                if (HttpMethods.IsPost(context.Request.Method) && !Sessions.IsFragment(context.Request)
                    && endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null)
                {
                    await AgedForms.TurnAsync(context);
                    await next(context);
                    return;
                }
                AgedForms.Renew(context, antiforgery);
                var T = context.RequestServices.GetRequiredService<IStringLocalizer<Text>>();
                context.Fail(StatusCodes.Status400BadRequest, T["This page has grown old. Load it again and repeat."]);
                return;
            }
        }
        await next(context);
    }

    private static bool NeedsToken(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>()?.RequiresValidation != false
        && endpoint.Metadata.GetMetadata<IgnoreAntiforgeryTokenAttribute>() is null;

    private static bool IsForm(HttpRequest request) =>
        request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    // Peeks: nothing is consumed, so that the form is read from the same pipe afterwards. The form reader itself would put
    // replacement characters, or leave the escapes standing, and the text would be stored as something nobody wrote.
    private static async Task<bool> IsUtf8Async(HttpRequest request, CancellationToken cancel)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancel);
            if (!read.IsCompleted)
            {
                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            var valid = IsUtf8(read.Buffer);
            request.BodyReader.AdvanceTo(read.Buffer.Start);
            return valid;
        }
    }

    internal static bool IsUtf8(in ReadOnlySequence<byte> form)
    {
        var bytes = ArrayPool<byte>.Shared.Rent((int)form.Length);
        try
        {
            form.CopyTo(bytes);
            return Utf8.IsValid(Unescape(bytes.AsSpan(0, (int)form.Length)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    // In place. A percent sign without two digits stays, as the form reader has it.
    private static ReadOnlySpan<byte> Unescape(Span<byte> bytes)
    {
        var to = bytes.IndexOf((byte)'%');
        if (to < 0) return bytes;
        for (var from = to; from < bytes.Length; to++)
        {
            if (bytes[from] == '%' && from + 2 < bytes.Length
                && char.IsAsciiHexDigit((char)bytes[from + 1]) && char.IsAsciiHexDigit((char)bytes[from + 2]))
            {
                bytes[to] = (byte)(Digit(bytes[from + 1]) << 4 | Digit(bytes[from + 2]));
                from += 3;
            }
            else
            {
                bytes[to] = bytes[from++];
            }
        }
        return bytes[..to];

        static int Digit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
    }
}
