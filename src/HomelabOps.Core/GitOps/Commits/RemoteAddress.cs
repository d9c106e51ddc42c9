using System.Text.RegularExpressions;

namespace HomelabOps.Core.GitOps.Commits;

/// <summary>The address of a remote, with its secret apart: user and password of an address would stand in command lines, files and messages.</summary>
internal sealed partial class RemoteAddress
{
    private RemoteAddress(string full, string plain, string? user, string? password) => (Full, Plain, User, Password) = (full, plain, user, password);

    /// <summary>As it was given, perhaps with a password.</summary>
    public string Full { get; }

    /// <summary>Without user and password where it had both.</summary>
    public string Plain { get; }

    /// <summary>The user that belongs to the password.</summary>
    public string? User { get; }

    /// <summary>The password or token in the address; null where it has none.</summary>
    public string? Password { get; }

    /// <summary>For messages.</summary>
    public string Display => Mask(Full);

    /// <summary>Reads an address: a URL, a path, or <c>user@host:path</c>.</summary>
    public static RemoteAddress Of(string address)
    {
        // Not with Uri, which would write the rest of the address in another way.
        if (WebLogin.Match(address) is { Success: true } login)
        {
            var (user, password) = (Uri.UnescapeDataString(login.Groups["user"].Value), Uri.UnescapeDataString(login.Groups["password"].Value));
            return new(address, address.Remove(login.Groups["login"].Index, login.Groups["login"].Length), user, password);
        }

        return new(address, address, null, null);
    }

    /// <summary>Whether a text is an address rather than a path of this machine.</summary>
    public static bool IsAddress(string text) => text.Contains("://", StringComparison.Ordinal) || ShortSsh.IsMatch(text);

    /// <summary>A text of Git or of a server without the users and passwords of addresses in it.</summary>
    public static string Mask(string text) => AnyLogin.Replace(text, "${scheme}");

    /// <inheritdoc/>
    public override string ToString() => Display;

    [GeneratedRegex(@"^https?://(?<login>(?<user>[^/@:\s]*):(?<password>[^/@\s]*)@)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 500)]
    private static partial Regex WebLogin { get; }

    // A drive letter is no host.
    [GeneratedRegex(@"^[\w.-]+@[\w.-]{2,}:", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 500)]
    private static partial Regex ShortSsh { get; }

    // A token may stand where the user does. The user of SSH is no secret and part of the address, a password beside it is.
    [GeneratedRegex(@"(?<scheme>https?://)[^/@\s]+@|(?<scheme>ssh://[^/@:\s]*):[^/@\s]*(?=@)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 500)]
    private static partial Regex AnyLogin { get; }
}
