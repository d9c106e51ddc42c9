namespace HomelabOps.Core.Schemas;

/// <summary>How things may be called. Each check gives what is wrong in the words of the API server, or null.</summary>
internal static class NameRules
{
    private const string SubdomainText = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string LabelText = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private const string ServiceText = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
    private const string QualifiedForm = "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    private const string ValueText = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    private const string KeyText = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

    /// <summary>What is wrong with the name of an object of a kind.</summary>
    public static string? Check(string group, string kind, string name) => (group, kind) switch
    {
        ("rbac.authorization.k8s.io", _) => name is "." or ".." || name.Contains('/', StringComparison.Ordinal) || name.Contains('%', StringComparison.Ordinal) ? "may not contain '/' or '%'" : null,
        ("", "Namespace") => CheckLabel(name),
        ("", "Service") => CheckService(name),

        // Its Jobs are called after it, with eleven characters more.
        ("batch", "CronJob") => CheckSubdomain(name) ?? (name.Length > 52 ? "must be no more than 52 characters" : null),

        // Named after a signer, and after the address itself.
        ("certificates.k8s.io", "ClusterTrustBundle") or ("networking.k8s.io", "IPAddress") => null,
        _ => CheckSubdomain(name),
    };

    public static string? CheckLabel(string name) => name.Length > 63 ? "must be no more than 63 characters" : IsLabel(name) ? null : LabelText;

    public static string? CheckSubdomain(string name) => name.Length > 253 ? "must be no more than 253 characters" : name.Split('.').All(IsLabel) ? null : SubdomainText;

    public static string? CheckQualified(string name) => QualifiedProblems(name).FirstOrDefault();

    /// <summary>All that is wrong with the name of a label: an empty name part breaks two rules.</summary>
    public static IEnumerable<string> QualifiedProblems(string name)
    {
        var parts = name.Split('/');
        if (parts.Length > 2)
        {
            yield return $"a qualified name must {QualifiedForm} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            yield break;
        }

        if (parts.Length == 2 && (parts[0].Length == 0 ? "must be non-empty" : CheckSubdomain(parts[0])) is { } wrong)
        {
            yield return $"prefix part {wrong}";
        }

        var part = parts[^1];
        if (part.Length is 0 or > 63)
        {
            yield return part.Length == 0 ? "name part must be non-empty" : "name part must be no more than 63 characters";
        }

        if (part.Length == 0 || !IsLoose(part))
        {
            yield return $"name part must {QualifiedForm}";
        }
    }

    public static string? CheckLabelValue(string value) => value.Length > 63 ? "must be no more than 63 characters" : value.Length == 0 || IsLoose(value) ? null : ValueText;

    /// <summary>The name of a port of a container, which is one of a service of IANA.</summary>
    public static string? CheckPort(string name) => PortProblems(name).FirstOrDefault();

    /// <summary>All that is wrong with the name of a port.</summary>
    public static IEnumerable<string> PortProblems(string name)
    {
        if (name.Length > 15)
        {
            yield return "must be no more than 15 characters";
        }

        if (name.Length == 0 || !name.All(character => IsLowerOrDigit(character) || character == '-'))
        {
            yield return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        }

        if (!name.Any(char.IsAsciiLetterLower))
        {
            yield return "must contain at least one letter or number (a-z, 0-9)";
        }

        if (name.Contains("--", StringComparison.Ordinal))
        {
            yield return "must not contain consecutive hyphens";
        }

        if (name.StartsWith('-') || name.EndsWith('-'))
        {
            yield return "must not begin or end with a hyphen";
        }
    }

    /// <summary>A key of a ConfigMap or a Secret.</summary>
    public static string? CheckKey(string key) =>
        key.Length > 253 ? "must be no more than 253 characters"
        : key is "." or ".." ? $"must not be '{key}'"
        : key.StartsWith("..", StringComparison.Ordinal) ? "must not start with '..'"
        : key.Length > 0 && key.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.') ? null
        : KeyText;

    private static string? CheckService(string name) => name.Length > 63 ? "must be no more than 63 characters" : IsLabel(name) && char.IsAsciiLetter(name[0]) ? null : ServiceText;

    private static bool IsLabel(string text) => text.Length > 0 && IsLowerOrDigit(text[0]) && IsLowerOrDigit(text[^1]) && text.All(character => IsLowerOrDigit(character) || character == '-');

    private static bool IsLowerOrDigit(char character) => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character);

    private static bool IsLoose(string text) => char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');
}
