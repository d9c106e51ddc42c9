using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within what makes pods, and within what protects them.</summary>
internal static class WorkloadValidation
{
    private const string NotNegative = "must be greater than or equal to 0";
    private const int MostIndexed = 100_000;
    private const string NoPercentage = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

    public static void Workload(string kind, JsonObject node, List<FieldError> errors)
    {
        if (node["spec"] is not JsonObject spec)
        {
            return;
        }

        Counts(spec, "spec", ["replicas", "minReadySeconds", "revisionHistoryLimit"], errors);

        // The real server has one check for Deployments and ReplicaSets.
        SelectorValidation.CheckOwner(spec["selector"], kind is "StatefulSet" or "DaemonSet" ? kind.ToLowerInvariant() : "deployment", errors);
        if (spec["selector"]?["matchLabels"] is JsonObject wanted && spec["template"] is JsonObject template)
        {
            var labels = template["metadata"]?["labels"] as JsonObject ?? [];
            if (wanted.Any(label => (string?)labels[label.Key] != (string?)label.Value))
            {
                errors.Add(FieldError.Invalid("spec.template.metadata.labels", labels.DeepClone(), "`selector` does not match template `labels`"));
            }
        }

        Strategy(kind, spec, errors);
        if (kind != "StatefulSet")
        {
            PodValidation.Check(spec["template"]?["spec"] as JsonObject, "spec.template.spec", errors);
        }
        else
        {
            // Its pods have volumes that are made later, so the real server leaves the whole template to their own check. What is no amount it cannot read.
            ContainerValidation.RequireQuantities(spec["template"]?["spec"] as JsonObject);
        }

        if (spec["template"]?["spec"]?["restartPolicy"] is { } policy && ((string?)policy is "OnFailure" or "Never" || (kind == "StatefulSet" && (string?)policy != "Always")))
        {
            errors.Add(FieldError.NotSupported("spec.template.spec.restartPolicy", policy, ["Always"]));
        }
    }

    /// <summary>A ReplicationController, whose selector is labels alone.</summary>
    public static void Replication(JsonObject spec, List<FieldError> errors)
    {
        Counts(spec, "spec", ["minReadySeconds"], errors);
        var wanted = spec["selector"] as JsonObject ?? [];
        errors.AddRange(wanted.Count == 0 ? [FieldError.Required("spec.selector")] : []);
        Counts(spec, "spec", ["replicas"], errors);
        if (spec["template"] is not JsonObject template)
        {
            errors.Add(FieldError.Required("spec.template"));
            return;
        }

        var labels = template["metadata"]?["labels"] as JsonObject ?? [];
        if (wanted.Any(label => (string?)labels[label.Key] != (string?)label.Value))
        {
            errors.Add(FieldError.Invalid("spec.template.metadata.labels", labels.DeepClone(), "`selector` does not match template `labels`"));
        }

        PodValidation.Check(template["spec"] as JsonObject, "spec.template.spec", errors);
        if (template["spec"]?["restartPolicy"] is { } policy && (string?)policy is "OnFailure" or "Never")
        {
            errors.Add(FieldError.NotSupported("spec.template.spec.restartPolicy", policy, ["Always"]));
        }
    }

    public static void Job(JsonObject? spec, string path, List<FieldError> errors)
    {
        if (spec is null)
        {
            return;
        }

        Counts(spec, path, ["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"], errors);
        Mode(spec, path, errors);
        var pod = spec["template"]?["spec"] as JsonObject;
        PodValidation.Check(pod, $"{path}.template.spec", errors);
        if ((string?)pod?["restartPolicy"] is "Always")
        {
            errors.Add(FieldError.Required($"{path}.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\""));
        }
        else if (spec["podFailurePolicy"] is not null && (string?)pod?["restartPolicy"] == "OnFailure")
        {
            errors.Add(FieldError.Invalid($"{path}.template.spec.restartPolicy", "OnFailure", "only \"Never\" is supported when podFailurePolicy is specified"));
        }
    }

    private static void Mode(JsonObject spec, string path, List<FieldError> errors)
    {
        if (spec["completionMode"] is { } mode && (string?)mode is not ("NonIndexed" or "Indexed"))
        {
            errors.Add(FieldError.NotSupported($"{path}.completionMode", mode, ["NonIndexed", "Indexed"]));
        }

        if ((string?)spec["completionMode"] != "Indexed")
        {
            return;
        }

        if (spec["completions"] is null)
        {
            errors.Add(FieldError.Required($"{path}.completions", "when completion mode is Indexed"));
        }

        if (Numbers.Whole(spec["parallelism"]) > MostIndexed)
        {
            errors.Add(FieldError.Invalid($"{path}.parallelism", spec["parallelism"], $"must be less than or equal to {MostIndexed} when completion mode is Indexed"));
        }
    }

    public static void CronJob(JsonObject? spec, List<FieldError> errors)
    {
        if (spec is null)
        {
            return;
        }

        if (spec["schedule"] is { } schedule && CronSyntax.Check((string?)schedule ?? "") is { } wrong)
        {
            errors.Add((string?)schedule == "" ? FieldError.Required("spec.schedule") : FieldError.Invalid("spec.schedule", schedule, wrong));
        }

        Counts(spec, "spec", ["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"], errors);
        Job(spec["jobTemplate"]?["spec"] as JsonObject, "spec.jobTemplate.spec", errors);
    }

    public static void Budget(JsonObject? spec, List<FieldError> errors)
    {
        if (spec?["minAvailable"] is not null && spec["maxUnavailable"] is not null)
        {
            // The real server tells addresses of its own memory.
            errors.Add(new("spec", "FieldValueInvalid", "Invalid value: policy.PodDisruptionBudgetSpec{}: minAvailable and maxUnavailable cannot be both set"));
        }

        foreach (var name in (ReadOnlySpan<string>)["minAvailable", "maxUnavailable"])
        {
            Share(spec?[name], $"spec.{name}", errors);
        }

        SelectorValidation.Check(spec?["selector"], "spec.selector", errors);
    }

    private static void Strategy(string kind, JsonObject spec, List<FieldError> errors)
    {
        var (type, update, rolling) = ((string?)spec["strategy"]?["type"], (string?)spec["updateStrategy"]?["type"], spec["strategy"]?["rollingUpdate"]);
        switch (kind)
        {
            // The real server names the whole strategy, as Go writes it.
            case "Deployment" when type is not (null or "Recreate" or "RollingUpdate"):
                errors.Add(new("spec.strategy", "FieldValueNotSupported", $"Unsupported value: apps.DeploymentStrategy{{Type:\"{type}\", RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}}: supported values: \"Recreate\", \"RollingUpdate\""));
                break;
            case "Deployment" when type == "Recreate" && rolling is not null:
                errors.Add(FieldError.Forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'"));
                break;
            case "Deployment" when rolling is not null:
                Share(rolling["maxUnavailable"], "spec.strategy.rollingUpdate.maxUnavailable", errors);
                Share(rolling["maxSurge"], "spec.strategy.rollingUpdate.maxSurge", errors, isLimited: false);
                if (IsZero(rolling["maxUnavailable"]) && IsZero(rolling["maxSurge"]))
                {
                    errors.Add(new("spec.strategy.rollingUpdate.maxUnavailable", "FieldValueInvalid", $"Invalid value: {Show(rolling["maxUnavailable"]!)}: may not be 0 when `maxSurge` is 0"));
                }

                break;
            case "StatefulSet" when update is not (null or "OnDelete" or "RollingUpdate"):
                errors.Add(new("spec.updateStrategy", "FieldValueInvalid", $"Invalid value: apps.StatefulSetUpdateStrategy{{Type:\"{update}\", RollingUpdate:(*apps.RollingUpdateStatefulSetStrategy)(nil)}}: must be 'RollingUpdate' or 'OnDelete'"));
                break;
            case "DaemonSet" when update is not (null or "OnDelete" or "RollingUpdate"):
                errors.Add(new("spec.updateStrategy", "FieldValueNotSupported", $"Unsupported value: apps.DaemonSetUpdateStrategy{{Type:\"{update}\", RollingUpdate:(*apps.RollingUpdateDaemonSet)(nil)}}: supported values: \"RollingUpdate\", \"OnDelete\""));
                break;
        }
    }

    private static void Counts(JsonObject spec, string path, ReadOnlySpan<string> names, List<FieldError> errors)
    {
        foreach (var name in names)
        {
            if (Numbers.Whole(spec[name]) < 0)
            {
                errors.Add(FieldError.Invalid($"{path}.{name}", spec[name], NotNegative));
            }
        }
    }

    // A number, or a percentage of all.
    private static void Share(JsonNode? share, string path, List<FieldError> errors, bool isLimited = true)
    {
        if (Numbers.Whole(share) is { } number)
        {
            if (number < 0)
            {
                errors.Add(FieldError.Invalid(path, share, NotNegative));
            }
        }
        else if (share is not null && Percentage(share) is null)
        {
            errors.Add(new(path, "FieldValueInvalid", $"Invalid value: {Show(share)}: {NoPercentage}"));
        }
        else if (share is not null && isLimited && Percentage(share) > 100)
        {
            errors.Add(new(path, "FieldValueInvalid", $"Invalid value: {Show(share)}: must not be greater than 100%"));
        }
    }

    private static bool IsZero(JsonNode? share) => Numbers.Whole(share) == 0 || (share is not null && Percentage(share) == 0);

    private static long? Percentage(JsonNode share) => share.ToString() is [.. var digits, '%'] && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var percentage) ? percentage : null;

    private static string Show(JsonNode share) => Numbers.Whole(share) is { } number
        ? $"intstr.IntOrString{{Type:0, IntVal:{number}, StrVal:\"\"}}"
        : $"intstr.IntOrString{{Type:1, IntVal:0, StrVal:\"{share}\"}}";
}
