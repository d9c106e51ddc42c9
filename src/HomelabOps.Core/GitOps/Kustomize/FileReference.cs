using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>A text of a kustomization file, mostly a path, and where it stands.</summary>
internal sealed record FileReference(string Text, string File, YamlNode Node, string Field)
{
    public HomelabException Invalid(string detail, params ReadOnlySpan<object?> arguments) =>
        Errors.KustomizationInvalid(File, Node.Line, Node.Column, Errors.Text(detail, arguments), detail);

    public HomelabException Unsupported(string detail, params ReadOnlySpan<object?> arguments) =>
        Errors.KustomizationUnsupported(File, Node.Line, Node.Column, Field, Errors.Text(detail, arguments));
}
