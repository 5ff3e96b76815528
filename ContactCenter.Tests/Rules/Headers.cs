using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Rules;

/// <summary>What must be true of every answer, whatever it says.</summary>
static class Headers
{
    public static IEnumerable<string> Complaints(Answer answer)
    {
        if (answer.Status >= 500) yield return $"failed with {answer.Status}";
        if (answer.Header("X-Content-Type-Options") != "nosniff") yield return "may be sniffed";
        if (answer.Header("Server").Length > 0 || answer.Header("X-Powered-By").Length > 0) yield return "tells what it runs on";
        if (answer.Response.Content.Headers.ContentType?.MediaType != "text/html") yield break;
        var policy = answer.Header("Content-Security-Policy");
        if (!policy.StartsWith("default-src 'none';", StringComparison.Ordinal)) yield return $"lets in what it does not name: {policy}";
        if (policy.Contains("unsafe", StringComparison.Ordinal)) yield return $"an unsafe policy: {policy}";
        foreach (var directive in (string[])["base-uri 'none'", "frame-ancestors ", "form-action "])
            if (!policy.Contains(directive, StringComparison.Ordinal)) yield return $"no {directive} in: {policy}";
        if (!answer.Header("Cache-Control").Contains("no-store", StringComparison.Ordinal)) yield return "may be kept by a cache";
    }
}
