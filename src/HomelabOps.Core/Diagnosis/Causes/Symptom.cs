namespace HomelabOps.Core.Diagnosis.Causes;

/// <summary>Something that is wrong, before it is known what it comes from.</summary>
/// <param name="Finding">What is told of it.</param>
internal sealed record Symptom(HomelabFinding Finding)
{
    /// <summary>What has it: the target, but for parts of an object that can be wrong on their own, such as a mount of a node.</summary>
    public ResourceReference Key { get => field ?? Finding.Target!; init; }

    /// <summary>What of the target it is about, where more of it can be wrong in the same way, such as a container; empty for nothing.</summary>
    public string Part { get; init; } = "";

    /// <summary>What stays the same of it from one look to the next, whatever its words.</summary>
    public object Identity => (Finding.Area, Finding.Reason, Finding.Target is null ? null : Key, Part, Finding.Place, Finding.Target is null ? Finding.Message : "");

    /// <summary>What would explain it, the nearest first.</summary>
    public IReadOnlyList<Cause> Causes { get; init; } = [];

    /// <summary>It may be over soon by itself, so that neither it is told nor what comes from it, unless it has a cause.</summary>
    public bool IsPassing { get; init; }

    /// <summary>It says that things could not be read, and so is told whatever was asked for: silence would be taken for good news.</summary>
    public bool IsOfReading { get; init; }

    /// <summary>Applications that are met, by namespace and name.</summary>
    public IReadOnlyList<(string Namespace, string Name)> Apps { get; init; } = [];

    /// <summary>Objects that have it where the target stands for them, such as the pods of a workload.</summary>
    public IReadOnlyList<ResourceReference> Members { get; init; } = [];

    /// <summary>A symptom of an object.</summary>
    /// <param name="area">Where it belongs.</param>
    /// <param name="severity">How bad it is.</param>
    /// <param name="reason">Its word; <c>Diagnosis_</c>reason and <c>Diagnosis_</c>reason<c>_Remedy</c> are its texts.</param>
    /// <param name="target">The object.</param>
    /// <param name="arguments">What the texts name after the target, which is the first.</param>
    public static Symptom Of(HomelabArea area, FindingSeverity severity, string reason, ResourceReference target, params ReadOnlySpan<object?> arguments)
    {
        object?[] all = [target, .. arguments];
        return new(new HomelabFinding
        {
            Cluster = target.Cluster ?? "",
            Area = area,
            Severity = severity,
            Reason = reason,
            Message = Errors.Text("Diagnosis_" + reason, all),
            Remedy = Errors.Text($"Diagnosis_{reason}_Remedy", all),
            Target = target,
        });
    }

    /// <summary>The symptom, with what mends it.</summary>
    public Symptom WithRepair(HomelabRepairKind kind, string path = "") => this with { Finding = Finding with { Repair = new() { Kind = kind, Target = Finding.Target!, Path = path } } };

    /// <summary>The symptom, and what it was concluded from.</summary>
    public Symptom With(params IEnumerable<string> evidence) => this with { Finding = Finding with { Evidence = [.. Finding.Evidence, .. evidence.Where(line => line.Length > 0)] } };
}
