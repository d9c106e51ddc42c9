namespace HomelabOps.Core.GitOps.History;

/// <summary>An entry of a kustomization file that is to be there again.</summary>
/// <param name="File">The kustomization file.</param>
/// <param name="Field">The list: <c>resources</c> or <c>components</c>.</param>
/// <param name="Text">The entry, as it was written.</param>
internal sealed record RestoredEntry(string File, string Field, string Text);
