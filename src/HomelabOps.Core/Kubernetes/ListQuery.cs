using System.Text;

namespace HomelabOps.Core.Kubernetes;

/// <summary>Which objects of a type to read.</summary>
public sealed record ListQuery
{
    /// <summary>Namespace; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>Label selector as kubectl's <c>-l</c>; null for none.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>Field selector as kubectl's <c>--field-selector</c>; null for none.</summary>
    public string? FieldSelector { get; init; }

    internal void AppendTo(StringBuilder url)
    {
        Append(url, "labelSelector", LabelSelector);
        Append(url, "fieldSelector", FieldSelector);
    }

    internal static void Append(StringBuilder url, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            url.Append(url.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?')
                .Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }
}
