using System.Globalization;

namespace HomelabOps.Bench.Cluster;

/// <summary>ReplicationSources as VolSync keeps them: of three, two are Syncthings that are each other's peers, and one is a backup with its log.</summary>
internal static class ReplicationDocuments
{
    private static string Now { get; } = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Log { get; } = string.Join("\\n", Enumerable.Repeat("processed 24 files, 120.420 MiB in 0:03, snapshot 5f0c4cd6 saved", 14));

    public static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"app-{number / 3:00000}-{(number % 3) switch { 0 => "backup", 1 => "primary", _ => "restic" }}");

    public static string Source(int number) => number % 3 == 2
        ? $$$"""{"apiVersion":"volsync.backube/v1alpha1","kind":"ReplicationSource","metadata":{"name":"{{{Name(number)}}}"},"spec":{"sourcePVC":"pvc-app-{{{number / 3}}}","trigger":{"schedule":"0 3 * * *"},"restic":{"copyMethod":"Direct","repository":"app-restic","pruneIntervalDays":7,"cacheCapacity":"1Gi","retain":{"daily":7,"weekly":4} } } }"""
        : $$$"""{"apiVersion":"volsync.backube/v1alpha1","kind":"ReplicationSource","metadata":{"name":"{{{Name(number)}}}"},"spec":{"sourcePVC":"pvc-app-{{{number / 3}}}{{{(number % 3 == 0 ? "-backup" : "")}}}","syncthing":{"serviceType":"ClusterIP","configCapacity":"1Gi","peers":[{"ID":"{{{Id(Other(number))}}}","address":"tcp://10.43.1.2:22000","introducer":false}]} } }""";

    public static string Status(int number) => number % 3 == 2
        ? $$$"""{"status":{"lastSyncTime":"{{{Now}}}","lastSyncDuration":"42.5s","nextSyncTime":"{{{Now}}}","latestMoverStatus":{"result":"Successful","logs":"{{{Log}}}"},"restic":{"lastPruned":"{{{Now}}}"},"conditions":[{{{Condition("False", "WaitingForSchedule")}}}]} }"""
        : $$$"""{"status":{"lastSyncStartTime":"{{{Now}}}","syncthing":{"ID":"{{{Id(number)}}}","address":"tcp://10.43.1.1:22000","peers":[{"ID":"{{{Id(Other(number))}}}","address":"tcp://10.43.1.2:22000","connected":true,"name":"other"}]},"conditions":[{{{Condition("True", "SyncInProgress")}}}]} }""";

    private static int Other(int number) => number % 3 == 0 ? number + 1 : number - 1;

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"ABCDEF{number:00000}-ABCDEFG-ABCDEFG-ABCDEFG-ABCDEFG-ABCDEFG-ABCDEFG-ABCDEFG");

    private static string Condition(string status, string reason) => $$$"""{"type":"Synchronizing","status":"{{{status}}}","reason":"{{{reason}}}","message":"as the bench says","lastTransitionTime":"{{{Now}}}"}""";
}
