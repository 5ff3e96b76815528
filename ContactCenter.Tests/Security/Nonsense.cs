using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ContactCenter.Tests.Security;

/// <summary>Makes inputs nobody in their right mind would send. The same seed makes the same ones.</summary>
sealed class Nonsense(int seed)
{
    private static readonly string[] Values =
    [
        "", " ", "\t\r\n", "0", "-1", "1", "2147483648", "99999999999999999999", "1e309", "NaN", "0x10", "٣", "true", "on", "null", "undefined", "[]", "{}",
        "00000000-0000-0000-0000-000000000000", "not-a-guid", "{0}", "{contact} {agent} {ticket} {{", "%s%n", "%00", "\u0000", "a\u0000b", "\uFFFD", "\u202Egnp.exe",
        "<script>window.owned=1</script>", "'; drop table users; --", "\" or 1=1 --", "\\", "/", "../../etc/passwd", "//evil.example", "javascript:alert(1)",
        "a@b", "a@b.c", "@", "\"a b\"@c.example", "a@b.example\r\nBcc: x@y.example", "2026-02-30", "9999-12-31T23:59:59.9999999Z", "0001-01-01", "25:61", "24:00",
        "Mars/Olympus", "../UTC", "es", "xx", "*", "https://*", "https://a b", "http://[::1]", "👩🏽‍🚀", "e\u0301\u0301\u0301", "Ж中文שלום", "İıſK",
    ];

    private readonly Random random = new(seed);

    public int Below(int most) => random.Next(most);

    public T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    public string Value() => random.Next(12) switch
    {
        0 => new string(One<char>(['a', '9', 'Ж', ' ', '<', '%']), One<int>([101, 257, 1_001, 4_001, 20_000])),
        1 => Guid.Parse($"{random.NextInt64():x16}{random.NextInt64():x16}").ToString(),
        2 => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        3 => string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => char.ConvertFromUtf32(Letter()))),
        _ => One(Values),
    };

    // Any but the halves of pairs, which no UTF-8 has.
    private int Letter() => random.Next(3) switch { 0 => random.Next(0x20), 1 => random.Next(0x20, 0xD800), _ => random.Next(0xE000, 0x110000) };

    /// <summary>These fields in one of the ways a client can send them, now and then in none that a form knows.</summary>
    public HttpContent Content(IReadOnlyList<(string Name, string Value)> fields)
    {
        switch (random.Next(10))
        {
            case 0:
                var parts = new MultipartFormDataContent();
                foreach (var (name, value) in fields) parts.Add(new StringContent(value), $"\"{name.Replace("\"", "", StringComparison.Ordinal)}\"");
                return parts;
            case 1:
                return Text(JsonSerializer.Serialize(fields.GroupBy(field => field.Name, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.First().Value, StringComparer.Ordinal)), "application/json");
            case 2:
                return Text(Value(), One(["text/plain", "application/json", "application/xml", "multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "a/b"]));
            case 3:
                var bytes = new byte[random.Next(200)];
                random.NextBytes(bytes);
                return new ByteArrayContent(bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded; charset=utf-16") } };
            default:
                return new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        }
    }

    private static ByteArrayContent Text(string text, string type) =>
        new(Encoding.UTF8.GetBytes(text)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
}
