using System.Security.Cryptography;
using System.Xml.Linq;
using ContactCenter.Hosting;
using ContactCenter.Storage;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Security;

/// <summary>
/// Puts today's seal on every stored key at each start. Data Protection seals a key when it makes it and never again: a
/// certificate named today would protect nothing for three months, and a former one would be needed for as long.
/// </summary>
public sealed partial class KeySeals(
    IServiceProvider services, KeyCertificate today, IDbContextFactory<Database> databases, IHostEnvironment environment, ILoggerFactory logs)
{
    // How Data Protection marks a secret in a key's XML, sealed and open.
    private static readonly XNamespace Marks = "http://schemas.asp.net/2015/03/dataProtection";

    private readonly ILogger log = logs.CreateLogger<KeySeals>();

    /// <exception cref="StartupException">A key is sealed with a certificate that is not configured.</exception>
    public async Task RenewAsync()
    {
        if (today.Certificate is null && !environment.IsDevelopment()) LogOpen();
        var seal = today.Certificate is { } certificate ? new CertificateXmlEncryptor(certificate, logs) : null;
        await using var database = await databases.CreateDbContextAsync();
        foreach (var key in await database.DataProtectionKeys.ToListAsync())
        {
            var open = Open(XElement.Parse(key.Xml), key.FriendlyName);
            if (seal is not null && !IsOfToday(key.Xml)) key.Xml = Seal(open, seal).ToString(SaveOptions.DisableFormatting);
        }

        await database.SaveChangesAsync();
    }

    // The certificate itself stands beside what it sealed.
    private bool IsOfToday(string xml) => xml.Contains(Convert.ToBase64String(today.Certificate!.RawData), StringComparison.Ordinal);

    private XElement Open(XElement key, string? name)
    {
        var opener = new EncryptedXmlDecryptor(services);
        try
        {
            foreach (var secret in key.Descendants(Marks + "encryptedSecret").ToList())
                secret.ReplaceWith(opener.Decrypt(secret.Elements().Single()));
            return key;
        }
        catch (CryptographicException e)
        {
            throw new StartupException(
                $"The stored {name} is sealed with a certificate that is not configured. Name that one in ContactCenter__KeyCertificate or, when another has taken its place, in ContactCenter__FormerKeyCertificates__0. If it is lost, see docs/operations.md.", e);
        }
    }

    private static XElement Seal(XElement key, CertificateXmlEncryptor seal)
    {
        foreach (var secret in key.Descendants().Where(element => (bool?)element.Attribute(Marks + "requiresEncryption") == true).ToList())
        {
            var sealedSecret = seal.Encrypt(secret);
            secret.ReplaceWith(new XElement(
                Marks + "encryptedSecret", new XAttribute("decryptorType", sealedSecret.DecryptorType.AssemblyQualifiedName!), sealedSecret.EncryptedElement));
        }

        return key;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys that seal sessions and visitors' tokens lie open in the database: whoever reads it, or a backup of it, can pass for anybody. ContactCenter__KeyCertificate seals them; docs/operations.md says how")]
    private partial void LogOpen();
}
