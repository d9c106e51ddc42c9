using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>An object of a repository that a Flux Kustomization applies.</summary>
/// <param name="Node">The Kustomization.</param>
/// <param name="Index">The place of the object among those that the Kustomization builds, counted from 0.</param>
internal record ManifestObject(FluxNode Node, int Index)
{
    /// <summary>The object as it is applied.</summary>
    public JsonObject Object => Item.Content;

    /// <summary>The built object.</summary>
    public BuiltObject Item => Node.Objects[Index];

    public virtual string Name => ObjectText.Name(Object);

    public string Namespace => ObjectText.Namespace(Object) is { Length: > 0 } own ? own : ObjectText.At(Node.Spec, "targetNamespace");

    public string Kind => ObjectText.Kind(Object);

    /// <summary>An object of a build, as an application where it is one.</summary>
    public static ManifestObject Of(FluxNode node, int index) => ManifestApp.IsApp(node.Objects[index].Content) ? new ManifestApp(node, index) : new ManifestObject(node, index);
}
