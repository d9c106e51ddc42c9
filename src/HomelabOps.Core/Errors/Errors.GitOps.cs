namespace HomelabOps.Core;

/// <summary>Errors of manifests and of building them.</summary>
internal static partial class Errors
{
    /// <summary>A new application would change what is there.</summary>
    public static HomelabException AppAlters(string app, ResourceReference item, ResourceReference kustomization) => MakeFrom(
        nameof(AppCollides) + "_Altered", nameof(AppCollides), ErrorKind.ResourceExists, app, app, item, kustomization);

    /// <summary>Something that a new application would have is written already.</summary>
    public static HomelabException AppCollides(string app, ResourceReference item, string place) => Make(nameof(AppCollides), ErrorKind.ResourceExists, app, app, item, place);

    /// <summary>A volume that a new application would have is another's in the cluster.</summary>
    public static HomelabException AppTakesVolume(string app, ResourceReference volume, string claim) => MakeFrom(
        nameof(AppCollides) + "_Cluster", nameof(AppCollides), ErrorKind.ResourceExists, app, app, volume, claim);

    /// <summary>An application of that name is there already.</summary>
    public static HomelabException AppExists(string app, string place) => Make(nameof(AppExists), ErrorKind.ResourceExists, app, app, place);

    /// <summary>A new application cannot be as it was asked for.</summary>
    public static HomelabException AppInvalid(string app, string parameter, object? value, string detail) => Make(
        nameof(AppInvalid), ErrorKind.InvalidArgument, app, app, parameter, value, detail);

    /// <summary>What belongs to an application stands together with something else.</summary>
    public static HomelabException AppShared(string app, string place, string other) => Make(nameof(AppShared), ErrorKind.InvalidOperation, app, app, place, other);

    /// <summary>A name that means several applications.</summary>
    public static HomelabException AppAmbiguous(string app, IEnumerable<string> places) => Make(nameof(AppAmbiguous), ErrorKind.InvalidArgument, app, app, string.Join("; ", places));

    /// <summary>A claim of an application that the repository does not name, so that no other can take its place.</summary>
    public static HomelabException AppClaimUnmovable(string app, string claim, IReadOnlyCollection<string> present) => Make(
        nameof(AppClaimUnmovable), ErrorKind.InvalidOperation, app, app, claim, present.Count == 0 ? Text("Detail_MoveNoClaim") : string.Join(", ", present));

    /// <summary>A claim that a StatefulSet makes of a template.</summary>
    public static HomelabException AppClaimTemplated(string app, string claim) => MakeFrom(nameof(AppClaimUnmovable) + "_Template", nameof(AppClaimUnmovable), ErrorKind.InvalidOperation, app, app, claim);

    /// <summary>An application that has nothing of the kind that is to be changed.</summary>
    public static HomelabException AppFieldMissing(string app, string kind, ManifestField field) => Make(nameof(AppFieldMissing), ErrorKind.InvalidOperation, app, app, kind, field);

    /// <summary>A demand on nodes that a node can only meet with a label that it does not have.</summary>
    public static HomelabException AppNodeUnmovable(string app, string demand, string label, string node) => Make(nameof(AppNodeUnmovable), ErrorKind.InvalidOperation, app, app, demand, node, label);

    /// <summary>A demand on nodes that no other value would make one that a node meets.</summary>
    public static HomelabException AppNodeExcluded(string app, string demand, string node) => MakeFrom(nameof(AppNodeUnmovable) + "_Form", nameof(AppNodeUnmovable), ErrorKind.InvalidOperation, app, app, demand, node);

    /// <summary>The Kustomization that was named does not apply an application, but others do.</summary>
    public static HomelabException AppNotInKustomization(string app, string kustomization, IEnumerable<string> others) => new(
        nameof(AppNotFound), ErrorKind.ObjectNotFound, Text(nameof(AppNotFound) + "_Kustomization", app, kustomization, string.Join(", ", others)), app);

    /// <summary>A literal name that no application of a repository has.</summary>
    public static HomelabException AppNotFoundInRepository(string app, string repository, IReadOnlyList<string> near) => new(
        nameof(AppNotFound),
        ErrorKind.ObjectNotFound,
        near.Count == 0 ? Text(nameof(AppNotFound) + "_Repository", app, repository) : Text(nameof(AppNotFound) + "_RepositoryNear", app, repository, string.Join(", ", near)),
        app);

    /// <summary>A name that no application has in the folder of the applications.</summary>
    public static HomelabException AppNotFoundInFolder(string app, string folder) => new(
        nameof(AppNotFound), ErrorKind.ObjectNotFound, Text(nameof(AppNotFound) + "_Folder", app, folder), app);

    /// <summary>A value that other applications take from the same place.</summary>
    public static HomelabException AppValueShared(string app, IEnumerable<string> files, IReadOnlyCollection<string> others) => Make(
        nameof(AppValueShared), ErrorKind.InvalidOperation, app, app, string.Join(", ", files), string.Join(", ", others.Take(10)), others.Count);

    /// <summary>The same where nothing but a value of its own helps.</summary>
    public static HomelabException AppValueSharedAlone(string app, IEnumerable<string> files, IReadOnlyCollection<string> others) => MakeFrom(
        nameof(AppValueShared) + "_Alone", nameof(AppValueShared), ErrorKind.InvalidOperation, app, app, string.Join(", ", files), string.Join(", ", others.Take(10)), others.Count);

    /// <summary>A value of a release that something else in it may decide after its values.</summary>
    public static HomelabException AppValueOverridden(string app, ManifestField field, string place) => Make(nameof(AppValueOverridden), ErrorKind.InvalidOperation, app, app, field, place);

    /// <summary>The same of an application that is to move, where nothing but the values must say it.</summary>
    public static HomelabException AppValueOverriddenAlone(string app, ManifestField field, string place) => MakeFrom(
        nameof(AppValueOverridden) + "_Alone", nameof(AppValueOverridden), ErrorKind.InvalidOperation, app, app, field, place);

    /// <summary>With a change of an application a Kustomization could not be built any more.</summary>
    public static HomelabException AppUnbuildable(string app, ResourceReference kustomization, HomelabException failure) => new(
        nameof(AppUnbuildable), ErrorKind.InvalidData, Text(nameof(AppUnbuildable), app, kustomization, failure.Message), app, terminates: true, failure) { Place = failure.Place };

    /// <summary>A value that no edit of the repository gives to an application.</summary>
    public static HomelabException AppValueUnproven(string app, string what, string wanted) => Make(nameof(AppValueUnproven), ErrorKind.InvalidOperation, app, app, what, wanted);

    /// <summary>A text that Flux would make something else of, and that cannot have quotes where it stands.</summary>
    public static HomelabException AppValueUntyped(string app, string value, string variable, string file, long line) => Make(
        nameof(AppValueUntyped), ErrorKind.InvalidOperation, app, app, value, variable, file, line);

    /// <summary>A container that an application of a repository does not have.</summary>
    public static HomelabException ContainerNotFoundInApp(string app, string container, IEnumerable<string> existing) => new(
        nameof(ContainerNotFound), ErrorKind.ObjectNotFound, Text(nameof(ContainerNotFound) + "_App", app, container, string.Join(", ", existing)), container);

    /// <summary>An application that has several containers.</summary>
    public static HomelabException ContainerRequired(string app, IEnumerable<string> existing) => Make(nameof(ContainerRequired), ErrorKind.InvalidArgument, app, app, string.Join(", ", existing));

    /// <summary>A controller that a release does not have; a workload has none.</summary>
    public static HomelabException ControllerNotFound(string app, string controller, IReadOnlyCollection<string> existing) => new(
        nameof(ContainerNotFound), ErrorKind.ObjectNotFound, Text(nameof(ContainerNotFound) + (existing.Count > 0 ? "_Controller" : "_NoController"), app, controller, string.Join(", ", existing)), controller);

    /// <summary>A release that has several controllers.</summary>
    public static HomelabException ControllerRequired(string app, IEnumerable<string> existing) => MakeFrom(
        nameof(ContainerRequired) + "_Controller", nameof(ContainerRequired), ErrorKind.InvalidArgument, app, app, string.Join(", ", existing));

    /// <summary>A text that is no name of an image.</summary>
    public static HomelabException ImageInvalid(string image) => Make(nameof(ImageInvalid), ErrorKind.InvalidArgument, image, image);

    /// <summary>Neither an image nor a tag was given, or both.</summary>
    public static HomelabException ImageRequired() => Make(nameof(ImageRequired), ErrorKind.InvalidArgument, null);

    /// <summary>An image without a tag and a digest.</summary>
    public static HomelabException ImageTagRequired(string image) => Make(nameof(ImageTagRequired), ErrorKind.InvalidArgument, image, image);

    /// <summary>A build that failed without one line being to blame.</summary>
    public static HomelabException KustomizeBuildFailed(string folder, string detail) => MakePlaced(
        nameof(KustomizeBuildFailed), new(folder, 0, 0, detail), folder, detail);

    /// <summary>A field of a kustomization file is wrong, or what it asks for cannot be done.</summary>
    public static HomelabException KustomizationInvalid(string file, long line, long column, string detail, string key = "") => MakePlaced(
        nameof(KustomizationInvalid), new(file, line, column, detail, key), file, line, column, detail);

    /// <summary>A field that kustomize knows and this build does not carry out.</summary>
    public static HomelabException KustomizationUnsupported(string file, long line, long column, string field, string detail, string key = "") => MakePlaced(
        nameof(KustomizationUnsupported), new(file, line, column, detail, key), file, line, column, field, detail);

    /// <summary>A file cannot be edited as it was asked for, and was left alone.</summary>
    public static HomelabException ManifestEditRefused(string file, long line, long column, string key, string path = "") => MakePlaced(
        nameof(ManifestEditRefused), new(file, line, column, Text(key, path), key), file, line, column, Text(key, path));

    /// <summary>Where things belong in a repository cannot be told.</summary>
    public static HomelabException LayoutUnknown(string repository, string detail) => Make(nameof(LayoutUnknown), ErrorKind.InvalidOperation, repository, repository, detail);

    /// <summary>A manifest cannot be understood, with the place.</summary>
    public static HomelabException ManifestInvalid(string file, long line, long column, string detail) => MakePlaced(
        nameof(ManifestInvalid), new(file, line, column, detail), file, line, column, detail);

    /// <summary>A value of an anchor that aliases use elsewhere.</summary>
    public static HomelabException ManifestValueShared(string file, long line, long column, string path, string places) => MakePlaced(
        nameof(ManifestValueShared), new(file, line, column, places), file, line, column, path, places);

    /// <summary>A text that is no quantity of Kubernetes.</summary>
    public static HomelabException QuantityInvalid(string name, string quantity) => Make(nameof(QuantityInvalid), ErrorKind.InvalidArgument, quantity, name, quantity);

    /// <summary>A number of pods below none.</summary>
    public static HomelabException ReplicasInvalid(int replicas) => Make(nameof(ReplicasInvalid), ErrorKind.InvalidArgument, replicas, replicas);

    /// <summary>Nothing says where the manifests are.</summary>
    public static HomelabException RepositoryRequired() => Make(nameof(RepositoryRequired), ErrorKind.InvalidArgument, null);

    /// <summary>A limit that is below the request of the same resource, which no API server takes.</summary>
    public static HomelabException ResourceLimitTooLow(string app, string resource, string request, string limit) => Make(
        nameof(ResourceLimitTooLow), ErrorKind.InvalidArgument, app, app, resource, request, limit);

    /// <summary>No request and no limit was given.</summary>
    public static HomelabException ResourceRequired() => Make(nameof(ResourceRequired), ErrorKind.InvalidArgument, null);

    /// <summary>The expressions of postBuild in one object.</summary>
    public static HomelabException SubstitutionFailed(string target, string detail) => MakePlaced(
        nameof(SubstitutionFailed), new(target, 0, 0, detail), target, detail);

    /// <summary>A template for new manifests cannot be filled.</summary>
    public static HomelabException TemplateInvalid(string template, string detail) => Make(nameof(TemplateInvalid), ErrorKind.InvalidData, template, template, detail);

    private static HomelabException MakePlaced(string id, FilePlace place, params ReadOnlySpan<object?> arguments) =>
        new(id, ErrorKind.InvalidData, Text(id, arguments), place.File, terminates: true) { Place = place };
}
