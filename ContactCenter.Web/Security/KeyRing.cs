using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ContactCenter.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace ContactCenter.Security;

/// <summary>What today's keys are sealed with; null leaves them open.</summary>
public sealed record KeyCertificate(X509Certificate2? Certificate);

/// <summary>
/// The keys that seal sessions, visitors' tokens and links in mails. They lie in PostgreSQL, so that every node reads what
/// another sealed, themselves sealed with the certificate that <c>ContactCenter:KeyCertificate</c> names; what former ones
/// sealed can be read while <c>ContactCenter:FormerKeyCertificates</c> names them.
/// </summary>
public static class KeyRing
{
    /// <exception cref="StartupException">A certificate that is named cannot be used.</exception>
    public static void AddKeyRing(this WebApplicationBuilder builder)
    {
        // The name is fixed, whatever folder a node runs in: cookies and tokens of one node are those of all.
        var keys = builder.Services.AddDataProtection().SetApplicationName("ContactCenter");
        builder.Services.AddOptions<KeyManagementOptions>().Configure<IServiceScopeFactory>((options, scopes) => options.XmlRepository = new StoredKeys(scopes));
        // It warns of each key that is made without a certificate; KeySeals says it once a start, and where it matters.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);

        var former = builder.Configuration.GetSection("ContactCenter:FormerKeyCertificates").Get<string[]>() ?? [];
        keys.UnprotectKeysWithAnyCertificate([.. former.Where(path => path.Length > 0).Select(Read)]);
        var current = builder.Configuration["ContactCenter:KeyCertificate"] is { Length: > 0 } path ? Read(path) : null;
        if (current is not null) keys.ProtectKeysWithCertificate(current);
        builder.Services.AddSingleton(new KeyCertificate(current)).AddSingleton<KeySeals>().AddSingleton<KeyCommands>();
    }

    private static X509Certificate2 Read(string path)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(path);
            using var key = certificate.GetRSAPrivateKey();
            return key is not null ? certificate : throw new CryptographicException("Its key is not an RSA key.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new StartupException(
                $"The key certificate {path} cannot be used: {e.Message} It must be a PEM file with a certificate and its private RSA key, readable by the user ContactCenter runs as.", e);
        }
    }
}
