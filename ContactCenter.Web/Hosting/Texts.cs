using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using ContactCenter.Domain;
using ContactCenter.Security;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.Extensions.WebEncoders;

namespace ContactCenter.Hosting;

/// <summary>The interface's languages (X1): what the user chose, else what the browser prefers, else English.</summary>
public static class Texts
{
    public static IServiceCollection AddTexts(this IServiceCollection services)
    {
        services.AddLocalization(options => options.ResourcesPath = "Resources");
        services.Configure<RequestLocalizationOptions>(options =>
        {
            options.SetDefaultCulture(Languages.Default)
                .AddSupportedCultures([.. Languages.All])
                .AddSupportedUICultures([.. Languages.All]);
            options.ApplyCurrentCultureToResponseHeaders = true;
            options.RequestCultureProviders =
            [
                new CustomRequestCultureProvider(context =>
                    Task.FromResult(context.User.Language() is { } language ? new ProviderCultureResult(language) : null)),
                new AcceptedLanguages(),
            ];
        });
        // Letters with accents as themselves: shorter than entities, and read by people in the source.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddRazorPages()
            // What a field must be is said by its attributes, in our words; nothing in the browser reads data-val.
            .AddMvcOptions(options => options.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true)
            .AddViewOptions(options => options.HtmlHelperOptions.ClientValidationEnabled = false)
            .AddDataAnnotationsLocalization(options => options.DataAnnotationLocalizerProvider = (_, factory) => factory.Create(typeof(Text)));
        return services;
    }

    /// <summary>The language of the current request: <c>es</c>, <c>en</c> or <c>pt</c>, for <c>html lang</c>.</summary>
    public static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
}

/// <summary>What the browser prefers. A header longer than any browser sends is not looked at.</summary>
sealed class AcceptedLanguages : AcceptLanguageHeaderRequestCultureProvider
{
    private const int Longest = 500;

    public override Task<ProviderCultureResult?> DetermineProviderCultureResult(HttpContext httpContext) =>
        httpContext.Request.Headers.AcceptLanguage.ToString().Length > Longest
            ? NullProviderCultureResult
            : base.DetermineProviderCultureResult(httpContext);
}
