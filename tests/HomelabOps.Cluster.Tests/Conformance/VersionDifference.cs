using System.Reflection;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>A place where Kubernetes changed between the versions that the checks know, so that two servers rightly answer differently.</summary>
/// <param name="Minor">A server of version 1.Minor or later does as the reason says.</param>
/// <param name="Reason">What changed, and why.</param>
internal sealed record VersionDifference(int Minor, string Reason)
{
    public static readonly VersionDifference SingularNames = new(27, "Discovery tells the singular names of built-in kinds, so that clients need not guess them.");

    public static readonly VersionDifference AggregatedDiscovery = new(27, "All of discovery comes in one answer to who asks for APIGroupDiscoveryList; before, the header is not understood and the plain list comes.");

    public static readonly VersionDifference EvictionVersion = new(22, "Evictions are of policy/v1, which became stable; policy/v1beta1 was all there was before.");

    public static readonly VersionDifference OpenApiV3 = new(24, "Schemas are served by group and version below /openapi/v3.");

    public static readonly VersionDifference JobStatusColumn = new(31, "The table of jobs has a column that tells how the job ended.");

    public static readonly VersionDifference VolumeAttributesColumn = new(29, "Volumes and claims have a class of attributes, and their tables a column for it.");

    public static readonly VersionDifference NamespaceLabel = new(21, "Each namespace has its name as the label kubernetes.io/metadata.name, so that policies can select it.");

    public static readonly VersionDifference DualStack = new(23, "Services name their families of addresses; dual stack became stable, and its fields are filled in.");

    public static readonly VersionDifference InternalTrafficPolicy = new(22, "Services say how traffic from within the cluster is led.");

    public static readonly VersionDifference SinglePodAccess = new(22, "Claims may ask for ReadWriteOncePod.");

    public static readonly VersionDifference LimitInMessage = new(25, "The refusal of a request above its limit names the limit.");

    public static readonly VersionDifference FieldValidation = new(25, "The server itself tells of fields that it does not know, or refuses them, as the parameter fieldValidation says.");

    public static readonly VersionDifference MalformedMergePatch = new(25, "A merge patch that is no JSON is a bad request; it was an error of the server.");

    public static readonly VersionDifference JsonPatchReplace = new(22, "A JSON patch cannot replace what is not there; the library of before took that for an addition.");

    public static readonly VersionDifference SelectorErrors = new(24, "Requirements of label selectors are checked as fields are, which changed the words of the refusals.");

    public static readonly VersionDifference SecretKeyPlace = new(32, "The keys that a secret lacks are named; a placeholder was left in the name for two types.");

    public static readonly VersionDifference ServiceAddressKept = new(21, "A replacement that leaves a service's address out keeps it; it was refused.");

    public static readonly VersionDifference AccountSecrets = new(24, "Service accounts have no secret with a token any more; before, no pod was taken until there was one.");

    public static readonly VersionDifference AppliedCustomLists = new(25, "Applies follow the schema of a custom kind that has fields which may be numbers or words; such a schema could not be read for that, and each list was one value.");

    public static readonly VersionDifference AppliedObjectNamed = new(23, "The refusal of an applied configuration names the object.");

    public static readonly VersionDifference AppliedTypeNamed = new(21, "The refusal of an applied value that is no number names its type; it named one of the server's own.");

    public static readonly VersionDifference AppliedQuantities = new(21, "Quantities may be applied as numbers.");

    public static readonly VersionDifference RelaxedVariables = new(32, "Names of environment variables are all printable characters but the equals sign; they were letters, digits and a few signs.");

    public static readonly VersionDifference EndOfInput = new(30, "The server itself speaks the WebSockets of commands, with v5, which has an end of the input, and tells failures in the channel of the status; before, the kubelet did, whose refusals came as HTTP.");

    public static readonly VersionDifference ProxyFailures = new(21, "What a proxied request fails of is a Status with 503; it was an unclassified 500.");

    public static readonly VersionDifference StableSchedules = new(21, "CronJobs are of batch/v1 and PodDisruptionBudgets of policy/v1, which became stable.");

    public static readonly VersionDifference ScaleTable = new(24, "The scale of a workload has a table of its own, since kubectl can ask for subresources.");

    public static readonly VersionDifference EphemeralContainers = new(23, "Containers can be added to a pod that runs; before, one had to switch that on, and those of a new pod were left out.");

    public static readonly VersionDifference QuotaNamesContainers = new(24, "A quota that misses an amount says which containers do not give it.");

    public static readonly VersionDifference StatusOwners = new(21, "Who creates an object does not own its status, which is not taken from him; before, what its default put in was his.");

    public static readonly VersionDifference IndexedJobs = new(24, "Jobs may have parts, each done by a pod that knows its number; the field was not known.");

    public static readonly VersionDifference SuspendedJobs = new(24, "Jobs may be suspended; the field was not known.");

    public static readonly VersionDifference JobTimeToLive = new(21, "Jobs that have ended go away after a time that they name; one had to switch that on, and the field was left out.");

    public static readonly VersionDifference JobBackoff = new(27, "The pod after a failed one waits from the end of that; before, it waited by how often the job was looked at, which each change of a pod made shorter.");

    public static readonly VersionDifference StoppedPodsCount = new(26, "Pods hold a finalizer until their job has counted them, so that those which a failed job stops count as failed; before, that depended on who was quicker.");

    public static readonly VersionDifference PodFailurePolicies = new(26, "Jobs say which failures of their pods end them and which do not count; the field was not known.");

    public static readonly VersionDifference SchedulingGates = new(27, "Pods may wait with being placed until others let them; the field was not known.");

    public static readonly VersionDifference PreemptorByUid = new(26, "The event of a pod that made place names the other by its uid, since a reader of the one namespace need not know the names of another.");

    public static readonly VersionDifference PreemptionTold = new(21, "What is told of a pod that fits nowhere says why no other makes place for it.");

    public static readonly VersionDifference Sidecars = new(29, "Init containers that are always restarted run beside the others; the field was not known.");

    /// <summary>All of them by name.</summary>
    public static IReadOnlyDictionary<string, VersionDifference> All { get; } = typeof(VersionDifference).GetFields(BindingFlags.Public | BindingFlags.Static)
        .ToDictionary(field => field.Name, field => (VersionDifference)field.GetValue(null)!, StringComparer.Ordinal);
}
