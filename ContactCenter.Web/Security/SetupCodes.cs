using System.Security.Cryptography;
using System.Text;
using ContactCenter.Domain;
using ContactCenter.Hosting;
using ContactCenter.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace ContactCenter.Security;

/// <summary>
/// The one-time code of <c>/setup</c>. Without it the installation would belong to whoever finds the page first. It is
/// printed to the log of each node that starts while nobody has an account, and lies in a file that the service's user alone
/// can read; it is the same on all nodes and after every start, and gone when it was used.
/// </summary>
public sealed partial class SetupCodes(
    SetupCodeStore store, IDataProtectionProvider protection, IConfiguration configuration, ILogger<SetupCodes> log)
{
    /// <summary>The file's name in the data folder.</summary>
    public const string FileName = "setup-code";

    private readonly IDataProtector protector = protection.CreateProtector(nameof(SetupCodes));

    private string Folder => configuration["ContactCenter:DataDirectory"]!;

    public string File => Path.Combine(Folder, FileName);

    /// <summary>Tells who runs the installation the code, by log and file.</summary>
    /// <returns>The code as people write it.</returns>
    public async Task<string> TellAsync(CancellationToken cancel = default)
    {
        var code = SetupCode.Written(await ReadAsync(cancel));
        var written = Write(code);
        if (written) LogCode(code, File);
        else LogCodeOnly(code);
        return code;
    }

    /// <summary>Whether what was typed is the code. Takes as long for a nearly right one as for any other.</summary>
    public async Task<bool> IsRightAsync(string? typed, CancellationToken cancel)
    {
        var code = await ReadAsync(cancel);
        return CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(SetupCode.Typed(typed))), SHA256.HashData(Encoding.UTF8.GetBytes(code)));
    }

    /// <summary>Takes the file away: there is an account, and the code opens nothing.</summary>
    public void Forget()
    {
        try
        {
            System.IO.File.Delete(File);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            LogLeft(File, problem.Message);
        }
    }

    private async Task<string> ReadAsync(CancellationToken cancel)
    {
        var found = await store.FindAsync(cancel);
        while (true)
        {
            if (found is not null && Open(found) is { } code) return code;
            // None yet, or sealed with a key that was revoked or lost since.
            var made = protector.Protect(RandomNumberGenerator.GetString(SetupCode.Letters, SetupCode.Length));
            found = await store.KeepAsync(made, found, cancel);
        }
    }

    private string? Open(string sealedCode)
    {
        try
        {
            return protector.Unprotect(sealedCode);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private bool Write(string code)
    {
        try
        {
            PrivateFile.CreateFolder(Folder);
            // Anew: one that lies there keeps its owner and mode.
            System.IO.File.Delete(File);
            PrivateFile.Write(File, code + Environment.NewLine);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            LogUnwritten(File, problem.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nobody has an account yet. Who opens /setup first makes the administrator, with the one-time code {Code} (also in {File})")]
    private partial void LogCode(string code, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nobody has an account yet. Who opens /setup first makes the administrator, with the one-time code {Code}")]
    private partial void LogCodeOnly(string code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The one-time code of /setup could not be written to {File}: {Reason}")]
    private partial void LogUnwritten(string file, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The one-time code of /setup is used, but its file {File} could not be removed: {Reason}")]
    private partial void LogLeft(string file, string reason);
}

public static class SetupCodesStart
{
    /// <summary>Tells the code while nobody has an account; afterwards nothing of it is left lying.</summary>
    public static async Task OfferSetupAsync(this WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var codes = app.Services.GetRequiredService<SetupCodes>();
        if (await scope.ServiceProvider.GetRequiredService<Accounts>().IsFirstVisitAsync()) await codes.TellAsync();
        else codes.Forget();
    }
}
