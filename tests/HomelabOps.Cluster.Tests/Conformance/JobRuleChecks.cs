namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Jobs and the labels by which they know their pods.</summary>
public abstract class JobRuleChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    private string Jobs => $"/apis/batch/v1/namespaces/{Server.Namespace}/jobs";

    [Fact]
    public void A_job_without_labels_has_those_of_its_pods()
    {
        var made = New(NewName("j"), """ "parallelism":0 """, """ "z":"y" """).Created();
        Assert.Equal(LabelsAt(made, "spec.template.metadata.labels"), LabelsAt(made, "metadata.labels"));
        Assert.Equal(("y", made["metadata.uid"]), (made["metadata.labels.z"], made["metadata.labels.controller-uid"]));
    }

    [Fact]
    public void A_label_that_the_server_gives_cannot_be_another()
    {
        var name = NewName("j");
        var refused = New(name, """ "parallelism":0 """, """ "job-name":"other" """).Invalid(("spec.template.metadata.labels[job-name]", "FieldValueInvalid"));
        Assert.EndsWith($": must be '{name}'", refused["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_selector_is_not_chosen_beside_that_of_the_server()
    {
        var refused = New(NewName("j"), """ "selector":{"matchLabels":{"a":"b"} } """).Invalid(("spec.selector", "FieldValueInvalid"), ("spec.template.metadata.labels", "FieldValueInvalid"));
        Assert.Contains(": `selector` not auto-generated, spec.template.metadata.labels: ", refused["message"], StringComparison.Ordinal);
        Assert.EndsWith(": `selector` does not match template `labels`]", refused["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_selector_that_is_ones_own_selects_its_pods()
    {
        const string Unlike = "spec.template.metadata.labels: Invalid value: map[string]string(nil): `selector` does not match template `labels`";
        Refused(New(NewName("j"), """ "manualSelector":true """), "spec.selector: Required value", Unlike);
        Refused(New(NewName("j"), """ "manualSelector":true,"selector":{"matchLabels":{"a":"b"} } """), Unlike);
        New(NewName("j"), """ "manualSelector":true,"selector":{"matchLabels":{"a":"b"} } """, """ "a":"b" """).Created();
    }

    [Fact]
    public void A_job_keeps_what_it_has_to_do()
    {
        var name = NewName("j");
        New(name, """ "parallelism":0,"completions":2 """, dryRun: false).Created();
        Refused(Patch($"{Jobs}/{name}", """{"spec":{"completions":3} }"""), "spec.completions: Invalid value: 3: field is immutable");
        var other = Patch($"{Jobs}/{name}", """{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":5} } } }""").Invalid(("spec.template", "FieldValueInvalid"));
        Assert.Contains(": Invalid value: core.PodTemplateSpec{", other["message"], StringComparison.Ordinal);
        Assert.EndsWith(": field is immutable", other["message"], StringComparison.Ordinal);
        var selector = Patch($"{Jobs}/{name}", """{"spec":{"selector":{"matchLabels":{"a":"b"} } } }""")
            .Invalid(("spec.selector", "FieldValueInvalid"), ("spec.template.metadata.labels", "FieldValueInvalid"));
        Assert.EndsWith(": field is immutable]", selector["message"], StringComparison.Ordinal);
        Assert.Contains("spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{\"a\":\"b\", \"", selector["message"], StringComparison.Ordinal);
        Patch($"{Jobs}/{name}", """{"spec":{"parallelism":0,"backoffLimit":3} }""").Ok();
    }

    private static string LabelsAt(ApiAnswer answer, string path) => string.Join(',', answer.At(path)!.AsObject().Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal));

    private ApiAnswer New(string name, string spec, string labels = "", bool dryRun = true) => Post($"{Jobs}{(dryRun ? "?dryRun=All" : "")}", Object("batch/v1", "Job", name, $$"""
        "spec":{ {{spec}},"template":{ {{(labels.Length == 0 ? "" : $$""" "metadata":{"labels":{ {{labels}} } },""")}}"spec":{"restartPolicy":"Never","containers":[{"name":"a","image":"a:1"}]} } }
        """));
}

/// <inheritdoc/>
public sealed class SandboxJobRule(SandboxUnderTest server) : JobRuleChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabJobRule(LabUnderTest server) : JobRuleChecks(server), IClassFixture<LabUnderTest>;
