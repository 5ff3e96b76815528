using Microsoft.Extensions.Localization;

// The assembly is named otherwise, and resources are looked for under its name.
[assembly: RootNamespace(nameof(ContactCenter))]

namespace ContactCenter;

/// <summary>Anchor of the interface texts: <c>IStringLocalizer&lt;Text&gt;</c> with the English text as the key.</summary>
public sealed class Text;
