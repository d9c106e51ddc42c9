using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>The formats of texts that schemas of custom kinds can ask for.</summary>
internal static partial class TextFormats
{
    /// <summary>Whether a text has the format; one that nobody knows is no condition.</summary>
    public static bool Holds(string format, string text) => format switch
    {
        "date-time" => DateTimeForm().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "duration" => GoDuration.Parse(text) is not null || DurationForm().IsMatch(text),
        "byte" => Base64Text.LengthOf(text) is not null,
        "ipv4" => IPAddress.TryParse(text, out var four) && four.AddressFamily == AddressFamily.InterNetwork,
        "ipv6" => IPAddress.TryParse(text, out var six) && six.AddressFamily == AddressFamily.InterNetworkV6,
        "cidr" => text.Split('/') is [var address, var bits] && IPAddress.TryParse(address, out var network)
            && int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= network.GetAddressBytes().Length * 8,
        "mac" => MacForm().IsMatch(text),
        "uuid" => Guid.TryParseExact(text, "D", out _) || Guid.TryParseExact(text, "N", out _),
        "uri" => text.StartsWith('/') || Uri.TryCreate(text, UriKind.Absolute, out _),
        "email" => MailAddress.TryCreate(text, out _),
        _ => true,
    };

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DateTimeForm();

    // Beside Go's own form, as in 1 hour.
    [GeneratedRegex("^[0-9]+ *(ns|nano|us|µs|micro|ms|milli|s|sec|m|min|h|hr|hour|d|day|w|week)[a-z]*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DurationForm();

    [GeneratedRegex("^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MacForm();
}
