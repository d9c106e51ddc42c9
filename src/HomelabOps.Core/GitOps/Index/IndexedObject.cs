namespace HomelabOps.Core.GitOps.Index;

/// <summary>An object in a file of the repository.</summary>
/// <param name="ApiVersion">Its apiVersion.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Namespace">The namespace that its manifest names; empty where a kustomization or Flux sets it.</param>
/// <param name="Name">Its name in the manifest, before prefixes and suffixes.</param>
/// <param name="File">The file, as a path of the repository that begins with /.</param>
/// <param name="Line">Where it begins, counted from 1.</param>
/// <param name="Document">The document within the file, counted from 0.</param>
internal sealed record IndexedObject(string ApiVersion, string Kind, string Namespace, string Name, string File, long Line, int Document);
