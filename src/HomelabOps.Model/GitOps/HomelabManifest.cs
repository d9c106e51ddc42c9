using System.Globalization;

namespace HomelabOps;

/// <summary>A value that the cluster gets for an application, and where in the repository it is defined.</summary>
public sealed record HomelabManifest : HomelabRecord
{
    /// <summary>The application: the name of its workload or Helm release.</summary>
    public string App { get; init; } = "";

    /// <summary>What the value is.</summary>
    public ManifestField Field { get; init; }

    /// <summary>The container of an image or of resources; empty for the other fields.</summary>
    public string Container { get; init; } = "";

    /// <summary>Which of several it is: <c>limits.memory</c>, <c>nodeSelector</c>, the volume of a claim; empty where there is only one.</summary>
    public string Item { get; init; } = "";

    /// <summary>The value, as Flux applies it.</summary>
    public string Value { get; init; } = "";

    /// <summary>The file that defines it, as a path within the repository with / between its parts; null when none could be proven to.</summary>
    public string? File { get; init; }

    /// <summary>The line, counted from 1; null when no file is known.</summary>
    public int? Line { get; init; }

    /// <summary>What gives the field this value; null when no file is known.</summary>
    public ManifestMechanism? Mechanism { get; init; }

    /// <summary>The field of the object, or of the release's values, such as <c>spec.replicas</c>.</summary>
    public string Path { get; init; } = "";

    /// <summary>The Flux Kustomization that applies it.</summary>
    public ResourceReference? Kustomization { get; init; }

    /// <summary><c>file:line</c>, as editors and terminals take it; empty when no file is known.</summary>
    public string Place => File is null ? "" : Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"{File}:{line}") : File;
}
