using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>How things may be called. Each check gives what is wrong, or null.</summary>
internal static class NameRules
{
    private const string SubdomainText = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string LabelText = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private const string ServiceText = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
    private const string QualifiedText = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    private const string ValueText = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    public static string? Check(ResourceKind kind, string name) => kind switch
    {
        { Group: "rbac.authorization.k8s.io" } => name is "." or ".." || name.Contains('/', StringComparison.Ordinal) || name.Contains('%', StringComparison.Ordinal) ? "may not contain '/' or '%'" : null,
        { Group: "", Kind: "Namespace" } => CheckLabel(name),
        { Group: "", Kind: "Service" } => CheckService(name),
        _ => CheckSubdomain(name),
    };

    public static string? CheckLabel(string name) => name.Length > 63 ? "must be no more than 63 characters" : IsLabel(name) ? null : LabelText;

    public static string? CheckSubdomain(string name) => name.Length > 253 ? "must be no more than 253 characters" : name.Split('.').All(IsLabel) ? null : SubdomainText;

    public static string? CheckQualified(string name)
    {
        var parts = name.Split('/');
        if (parts.Length > 2)
        {
            return $"a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
        }

        if (parts.Length == 2 && (parts[0].Length == 0 || CheckSubdomain(parts[0]) is not null))
        {
            return parts[0].Length == 0 ? "prefix part must be non-empty" : $"prefix part {CheckSubdomain(parts[0])}";
        }

        return parts[^1] switch
        {
            "" => "name part must be non-empty",
            { Length: > 63 } => "name part must be no more than 63 characters",
            var part => IsLoose(part) ? null : QualifiedText,
        };
    }

    /// <summary>All that is wrong: an empty name part breaks two rules.</summary>
    public static IEnumerable<string> QualifiedProblems(string name) => CheckQualified(name) is not { } problem ? []
        : name.EndsWith('/') && name.Count(character => character == '/') == 1 && name.Length > 1 ? [problem, QualifiedText] : [problem];

    public static string? CheckLabelValue(string value) => value.Length > 63 ? "must be no more than 63 characters" : value.Length == 0 || IsLoose(value) ? null : ValueText;

    private static string? CheckService(string name) => name.Length > 63 ? "must be no more than 63 characters" : IsLabel(name) && char.IsAsciiLetter(name[0]) ? null : ServiceText;

    private static bool IsLabel(string text) => text.Length > 0 && IsLowerOrDigit(text[0]) && IsLowerOrDigit(text[^1]) && text.All(character => IsLowerOrDigit(character) || character == '-');

    private static bool IsLowerOrDigit(char character) => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character);

    private static bool IsLoose(string text) => char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');
}
