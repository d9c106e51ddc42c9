namespace HomelabOps.Sandbox.Tests.Controllers.Volumes;

/// <summary>
/// A claim and volumes that were made up for one rule of the binder. Parts of specs are JSON with single quotes; <c>$class</c>
/// is a class of this pair alone, <c>$id</c> begins all of its names, <c>$ns</c> is the namespace.
/// </summary>
/// <param name="Name">What it is about.</param>
/// <param name="Claim">What the claim has besides 5 GiB, ReadWriteOnce and the class; a null takes a field away.</param>
/// <param name="Volumes">The same of volumes, named v, w, x.</param>
/// <param name="Takes">The volume that the claim is bound to; null for none.</param>
/// <param name="Reason">What we say before it is bound.</param>
/// <param name="Rule">The rule that the first volume breaks.</param>
internal sealed record BindingPair(string Name, string Claim, string[] Volumes, string? Takes, string Reason, PvcBindingRule Rule = PvcBindingRule.None)
{
    private const string Labelled = "'metadata':{'labels':{'pair':'$id'}}";
    private const string Selecting = "'selector':{'matchLabels':{'pair':'$id'}}";
    private const string Primary = "'nodeAffinity':{'required':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'role','operator':'In','values':['primary']}]}]}}";
    private const string Mine = "'claimRef':{'namespace':'$ns','name':'$id'}";
    private const string Stale = "'claimRef':{'namespace':'$ns','name':'$id','uid':'11111111-2222-3333-4444-555555555555'}";
    private const string Others = "'claimRef':{'namespace':'$ns','name':'somebody-else'}";
    private const string Named = "'volumeName':'$id-v'";

    /// <summary>The class of the pair: null when nobody defines it, else its provisioner and mode.</summary>
    public string? Class { get; init; }

    /// <summary>Where a pod that uses the claim may run; null for no pod.</summary>
    public string? PodRole { get; init; }

    /// <summary>The first volume is being deleted.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>All of them by name.</summary>
    public static IReadOnlyDictionary<string, BindingPair> All { get; } = Searched().Concat(Kept()).Concat(NamedOnes()).Concat(Waiting()).ToDictionary(pair => pair.Name, StringComparer.Ordinal);

    private static BindingPair[] Searched() =>
    [
        new("equal", "", [""], "v", "Binding"),
        new("larger", "", ["'capacity':{'storage':'10Gi'}"], "v", "Binding"),
        new("smallest", "", ["'capacity':{'storage':'20Gi'}", "'capacity':{'storage':'6Gi'}", "'capacity':{'storage':'1Gi'}"], "w", "Binding"),
        new("too-small", "", ["'capacity':{'storage':'4Gi'}"], null, "NoMatch", PvcBindingRule.Capacity),
        new("just-too-small", "", ["'capacity':{'storage':'5G'}"], null, "NoMatch", PvcBindingRule.Capacity),
        new("other-class", "", ["'storageClassName':'$class-other'"], null, "ClassMissing", PvcBindingRule.StorageClass),
        new("class-empty", $"'storageClassName':'',{Selecting}", [Labelled], null, "NoMatch", PvcBindingRule.StorageClass),
        new("class-unset", $"'storageClassName':null,{Selecting}", [Labelled], null, "NoMatch", PvcBindingRule.StorageClass),
        new("both-empty", $"'storageClassName':'',{Selecting}", [$"'storageClassName':'',{Labelled}"], "v", "Binding"),
        new("unset-and-empty", $"'storageClassName':null,{Selecting}", [$"'storageClassName':'',{Labelled}"], "v", "Binding"),
        new("class-and-none", "", ["'storageClassName':'','capacity':{'storage':'1Mi'}"], null, "ClassMissing", PvcBindingRule.Capacity),
        new("class-by-annotation", "", ["'storageClassName':'','metadata':{'annotations':{'volume.beta.kubernetes.io/storage-class':'$class'}}"], "v", "Binding"),
        new("modes-more", "'accessModes':['ReadWriteMany']", ["'accessModes':['ReadWriteOnce','ReadWriteMany']"], "v", "Binding"),
        new("modes-missing", "'accessModes':['ReadWriteMany']", [""], null, "NoMatch", PvcBindingRule.AccessModes),
        new("modes-one-missing", "'accessModes':['ReadWriteOnce','ReadOnlyMany']", [""], null, "NoMatch", PvcBindingRule.AccessModes),
        new("modes-fewest", "", ["'accessModes':['ReadWriteOnce','ReadWriteMany']", "'capacity':{'storage':'50Gi'}"], "w", "Binding"),
        new("volume-mode", "", ["'volumeMode':'Block'"], null, "NoMatch", PvcBindingRule.VolumeMode),
        new("volume-mode-both", "'volumeMode':'Block'", ["'volumeMode':'Block'"], "v", "Binding"),
        new("selector", Selecting, [Labelled, ""], "v", "Binding"),
        new("selector-other", Selecting, ["'metadata':{'labels':{'pair':'x'}}"], null, "NoMatch", PvcBindingRule.Selector),
        new("selector-expression", "'selector':{'matchExpressions':[{'key':'pair','operator':'NotIn','values':['$id']}]}", [Labelled, ""], "w", "Binding", PvcBindingRule.Selector),
        new("deleted", "", [""], null, "NoMatch", PvcBindingRule.Deletion) { IsDeleted = true },
        new("no-node", "", ["'nodeAffinity':{'required':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'role','operator':'In','values':['nobody']}]}]}}"], "v", "NodeUnusable", PvcBindingRule.NodeAffinity),
        new("no-class", "", [], null, "ClassMissing"),
        new("provisioner", "", [], null, "Provisioning") { Class = "example.org/none Immediate" },
    ];

    private static BindingPair[] Kept() =>
    [
        new("kept", "", [$"{Mine},'capacity':{{'storage':'50Gi'}}", ""], "v", "Binding"),
        new("kept-for-another", "", [Others], null, "NoMatch", PvcBindingRule.ClaimRef),
        new("kept-for-a-deleted-one", "", [Stale], null, "VolumeReleased", PvcBindingRule.ClaimRef),
        new("kept-too-small", "", [$"{Mine},'capacity':{{'storage':'1Gi'}}"], null, "NoMatch", PvcBindingRule.Capacity),
        new("kept-other-class", "", [$"{Mine},'storageClassName':''"], "v", "Binding"),
        new("kept-other-labels", Selecting, [Mine], "v", "Binding"),
        new("kept-mode-missing", "'accessModes':['ReadWriteMany']", [Mine], null, "NoMatch", PvcBindingRule.AccessModes),
        new("kept-volume-mode", "", [$"{Mine},'volumeMode':'Block'"], null, "NoMatch", PvcBindingRule.VolumeMode),
    ];

    private static BindingPair[] NamedOnes() =>
    [
        new("named", Named, [""], "v", "Binding"),
        new("named-too-small", Named, ["'capacity':{'storage':'1Gi'}"], null, "VolumeMismatch", PvcBindingRule.Capacity),
        new("named-other-class", Named, ["'storageClassName':''"], null, "VolumeMismatch", PvcBindingRule.StorageClass),
        new("named-mode-missing", $"{Named},'accessModes':['ReadWriteMany']", [""], null, "VolumeMismatch", PvcBindingRule.AccessModes),
        new("named-other-labels", $"{Named},{Selecting}", [""], "v", "Binding"),
        new("named-absent", "'volumeName':'$id-absent'", [""], null, "VolumeMissing", PvcBindingRule.VolumeName),
        new("named-taken", Named, [Others], null, "VolumeTaken", PvcBindingRule.ClaimRef),
        new("named-released", Named, [Stale], null, "VolumeReleased", PvcBindingRule.ClaimRef),
        new("named-deleted", Named, [""], null, "VolumeMismatch", PvcBindingRule.Deletion) { IsDeleted = true },
        new("each-names-the-other", Named, [$"{Mine},'capacity':{{'storage':'1Gi'}},'storageClassName':''"], "v", "Binding"),
    ];

    private static BindingPair[] Waiting() =>
    [
        new("waits", "", [""], null, "WaitForFirstConsumer") { Class = Delayed },
        new("waits-kept", "", [Mine], "v", "Binding") { Class = Delayed },
        new("waits-named", Named, [""], "v", "Binding") { Class = Delayed },
        new("waits-consumer", "", [Primary], "v", "ConsumerPending") { Class = Delayed, PodRole = "primary" },
        new("waits-consumer-elsewhere", "", [Primary], null, "NoMatch", PvcBindingRule.NodeAffinity) { Class = Delayed, PodRole = "backup" },
        new("waits-consumer-small", "", [$"{Primary},'capacity':{{'storage':'1Gi'}}"], null, "NoMatch", PvcBindingRule.Capacity) { Class = Delayed, PodRole = "primary" },
    ];

    private const string Delayed = "kubernetes.io/no-provisioner WaitForFirstConsumer";
}
