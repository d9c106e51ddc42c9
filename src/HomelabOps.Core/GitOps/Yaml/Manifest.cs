using System.Text.Json.Nodes;

namespace HomelabOps.Core.GitOps.Yaml;

/// <summary>An object of Kubernetes as a file holds it.</summary>
internal sealed record Manifest
{
    public required JsonObject Content { get; init; }

    /// <summary>The file's path, as the reader was given it.</summary>
    public required string File { get; init; }

    /// <summary>The document within the file, counted from 0.</summary>
    public required int Document { get; init; }

    /// <summary>Where the object begins, counted from 1.</summary>
    public required long Line { get; init; }

    public required long Column { get; init; }

    /// <summary>The YAML that it was made of, for the places of its fields.</summary>
    public required YamlNode Node { get; init; }

    /// <summary>The line of a field, or of what exists on the way to it.</summary>
    public long LineOf(params IEnumerable<string> path) => Node.Nearest(path).Line;
}
