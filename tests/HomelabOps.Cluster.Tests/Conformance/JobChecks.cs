namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Jobs: how many pods they have, what counts, and when they end.</summary>
public abstract class JobChecks(ServerUnderTest server) : RunningPodChecks(server)
{
    private const string Forever = "sleep 100000";

    private string Jobs => $"/apis/batch/v1/namespaces/{Server.Namespace}/jobs";

    [Fact]
    public void Each_part_of_an_indexed_job_has_a_pod_that_knows_it()
    {
        var (name, path, created) = New("echo $JOB_COMPLETION_INDEX; hostname", """ "completionMode":"Indexed","completions":3,"parallelism":2 """);
        if (!IsKept(VersionDifference.IndexedJobs, created, "spec.completionMode"))
        {
            return;
        }

        var job = Ended(path, "Complete");
        Assert.Equal(("0-2", "3"), (job["status.completedIndexes"], job["status.succeeded"]));
        var pods = PodsOf(name).At("items")!.AsArray().OrderBy(pod => (string)pod!["metadata"]!["name"]!, StringComparer.Ordinal).ToList();
        Assert.Equal(3, pods.Count);
        for (var index = 0; index < 3; index++)
        {
            var metadata = pods[index]!["metadata"]!;
            Assert.Matches($"^{name}-{index}-[a-z0-9]{{5}}$", (string)metadata["name"]!);
            Assert.Equal(($"{index}", $"{index}", $"{name}-{index}-"), ((string?)metadata["annotations"]!["batch.kubernetes.io/job-completion-index"], (string?)metadata["labels"]!["batch.kubernetes.io/job-completion-index"], (string?)metadata["generateName"]));
            Assert.Equal($"{name}-{index}", (string?)pods[index]!["spec"]!["hostname"]);
            Assert.Equal($"{index}\n{name}-{index}\n", Get($"{Core}/pods/{(string)metadata["name"]!}/log").Ok().Text);
        }
    }

    [Fact]
    public void The_parts_that_are_done_stay_so_when_another_fails()
    {
        var (_, path, created) = New("test $JOB_COMPLETION_INDEX != 1", """ "completionMode":"Indexed","completions":3,"backoffLimit":0 """);
        if (IsKept(VersionDifference.IndexedJobs, created, "spec.completionMode"))
        {
            var job = Ended(path, "Failed");
            Assert.Equal(("0", "1", "1"), (job["status.completedIndexes"], job["status.succeeded"], job["status.failed"]));
        }
    }

    [Theory]
    [InlineData(""" "completionMode":"Sometimes" """, "spec.completionMode: Unsupported value: \"Sometimes\": supported values: \"NonIndexed\", \"Indexed\"")]
    [InlineData(""" "completionMode":"Indexed","parallelism":1 """, "spec.completions: Required value: when completion mode is Indexed")]
    [InlineData(""" "completionMode":"Indexed","completions":1,"parallelism":100001 """, "spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is Indexed")]
    public void A_mode_that_makes_no_sense_is_invalid(string spec, string why)
    {
        var answer = Post(Jobs + "?dryRun=All", Job(NewName("j"), Forever, spec));
        if (Since(VersionDifference.IndexedJobs, true, false))
        {
            Refused(answer, why);
        }
        else
        {
            answer.Created();
        }
    }

    [Fact]
    public void The_number_of_completions_stays()
    {
        var (_, path, _) = New(Forever, """ "completions":2,"parallelism":0 """);
        Refused(Patch(path, """{"spec":{"completions":3} }"""), "spec.completions: Invalid value: 3: field is immutable");
    }

    [Fact]
    public void A_job_without_a_number_ends_with_its_last_pod_and_begins_none_after_a_success()
    {
        var (name, path, _) = New("sleep 2", """ "parallelism":2 """);
        var job = Ended(path, "Complete");
        Assert.Equal(("2", null), (job["status.succeeded"], job["status.active"]));
        Assert.Equal(2, PodsOf(name).Names().Length);
    }

    [Fact]
    public void Pods_beyond_a_lowered_number_are_stopped()
    {
        var (_, path, _) = New(Forever, """ "parallelism":3,"completions":5 """);
        Eventually(() => Get(path), job => job["status.active"] == "3");
        Patch(path, """{"spec":{"parallelism":1} }""").Ok();
        Eventually(() => Get(path), job => job["status.active"] == "1");
        Delete(path, """{"propagationPolicy":"Background"}""");
    }

    [Fact]
    public void A_job_whose_pods_fail_too_often_has_failed()
    {
        var (name, path, _) = New("exit 3", """ "backoffLimit":0 """);
        var job = Ended(path, "Failed");
        Assert.Equal(("BackoffLimitExceeded", "Job has reached the specified backoff limit", "1"), (Condition(job, "Failed", "reason"), Condition(job, "Failed", "message"), job["status.failed"]));
        Assert.Single(PodsOf(name).Names());
    }

    [Fact]
    public void A_pod_that_failed_is_followed_by_another_later()
    {
        var (name, path, _) = New("exit 3", """ "backoffLimit":1 """);
        Assert.Equal("2", Ended(path, "Failed")["status.failed"]);
        var times = PodsOf(name).At("items")!.AsArray().Select(pod => DateTimeOffset.Parse((string)pod!["metadata"]!["creationTimestamp"]!, System.Globalization.CultureInfo.InvariantCulture)).Order().ToArray();
        Assert.Equal(2, times.Length);
        var least = Since(VersionDifference.JobBackoff, 8, 0);
        Assert.InRange(times[1] - times[0], TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(40));
    }

    [Fact]
    public void A_job_that_takes_too_long_has_failed_with_its_pods()
    {
        var (name, path, _) = New(Forever, """ "activeDeadlineSeconds":2 """);
        var job = Ended(path, "Failed");
        Assert.Equal(("DeadlineExceeded", "Job was active longer than specified deadline"), (Condition(job, "Failed", "reason"), Condition(job, "Failed", "message")));
        if (Since(VersionDifference.StoppedPodsCount, true, false))
        {
            Assert.Equal("1", job["status.failed"]);
        }

        Eventually(() => PodsOf(name), pods => pods.Names().Length == 0);
    }

    [Fact]
    public void A_suspended_job_begins_when_it_is_resumed()
    {
        var (name, path, created) = New("exit 0", """ "suspend":true """);
        if (IsKept(VersionDifference.SuspendedJobs, created, "spec.suspend"))
        {
            var held = Eventually(() => Get(path), job => Condition(job, "Suspended", "status") == "True");
            Assert.Equal((null, 0), (held["status.startTime"], PodsOf(name).Names().Length));
            Patch(path, """{"spec":{"suspend":false} }""").Ok();
        }

        Assert.NotNull(Ended(path, "Complete")["status.startTime"]);
    }

    [Fact]
    public void A_job_that_ended_is_there_for_its_time_to_live()
    {
        var (name, path, created) = New("exit 0", """ "ttlSecondsAfterFinished":1 """);
        if (IsKept(VersionDifference.JobTimeToLive, created, "spec.ttlSecondsAfterFinished"))
        {
            Eventually(() => Get(path), job => job.Status == 404);
            Eventually(() => PodsOf(name), pods => pods.Names().Length == 0);
        }
        else
        {
            Ended(path, "Complete");
        }
    }

    [Theory]
    [InlineData("FailJob", "42", "PodFailurePolicy", "1")]
    [InlineData("Ignore", "43", "BackoffLimitExceeded", "1")]
    public void How_a_pod_failed_may_decide(string action, string code, string reason, string failed)
    {
        var (name, path, created) = New("exit 42", $$""" "backoffLimit":0,"podFailurePolicy":{"rules":[{"action":"{{action}}","onExitCodes":{"operator":"In","values":[{{code}}]} }]} """);
        if (IsKept(VersionDifference.PodFailurePolicies, created, "spec.podFailurePolicy"))
        {
            var job = Ended(path, "Failed");
            Assert.Equal((reason, failed), (Condition(job, "Failed", "reason"), job["status.failed"]));
            var pod = Assert.Single(PodsOf(name).Names());
            Assert.Equal(action == "FailJob" ? $"Container a for pod {Server.Namespace}/{pod} failed with exit code 42 matching FailJob rule at index 0" : "Job has reached the specified backoff limit", Condition(job, "Failed", "message"));
        }
    }

    private static string? Condition(ApiAnswer item, string type, string field) =>
        (string?)item.At("status.conditions")?.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == type)?[field];

    private static string Job(string name, string script, string spec) => Object(
        "batch/v1", "Job", name, $$""" "spec":{ {{spec}},"template":{"spec":{"restartPolicy":"Never","terminationGracePeriodSeconds":1,"containers":[{{Container("a", script)}}]} } } """);

    private static ApiAnswer Ended(ApiAnswer job, string type) => Condition(job, type, "status") == "True" ? job : throw new InvalidOperationException(job.Text);

    private ApiAnswer Ended(string path, string type) => Ended(Eventually(() => Get(path), job => Condition(job, "Complete", "status") == "True" || Condition(job, "Failed", "status") == "True"), type);

    private ApiAnswer PodsOf(string job) => Get($"{Core}/pods?labelSelector=job-name%3D{job}").Ok();

    private (string Name, string Path, ApiAnswer Created) New(string script, string spec)
    {
        var name = NewName("j");
        return (name, $"{Jobs}/{name}", Post(Jobs, Job(name, script, spec)).Created());
    }

    // A server that does not know a field leaves it out.
    private bool IsKept(VersionDifference difference, ApiAnswer created, string field)
    {
        var isKept = Since(difference, true, false);
        Assert.Equal(isKept, created.At(field) is not null);
        return isKept;
    }
}

/// <inheritdoc/>
public sealed class SandboxJob(HomelabUnderTest server) : JobChecks(server), IClassFixture<HomelabUnderTest>;

/// <inheritdoc/>
public sealed class LabJob(LabUnderTest server) : JobChecks(server), IClassFixture<LabUnderTest>;
