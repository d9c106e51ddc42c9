using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>The settings that VolSync gives to a mover's Syncthing, as <c>/rest/config</c> shows them.</summary>
internal static class SyncthingConfig
{
    public static JsonObject Whole(SyncthingDevice device, string user) => new()
    {
        ["version"] = 37,
        ["folders"] = Folders(device),
        ["devices"] = Devices(device),
        ["gui"] = Gui(user),
        ["ldap"] = JsonNode.Parse("""{"address":"","bindDN":"","transport":"plain","insecureSkipVerify":false,"searchBaseDN":"","searchFilter":""}"""),
        ["options"] = Options(),
        ["remoteIgnoredDevices"] = new JsonArray(),
        ["defaults"] = new JsonObject
        {
            ["folder"] = Folder(device, "", "~"),
            ["device"] = Device("", "", ["dynamic"], introducer: false, isPaused: false),
            ["ignores"] = new JsonObject { ["lines"] = new JsonArray() },
        },
    };

    public static JsonArray Folders(SyncthingDevice device) => new(Folder(device, SyncthingDevice.Folder, "/data"));

    public static JsonArray Devices(SyncthingDevice device) => new([.. device.Peers
        .Select(peer => Device(peer.Id, device.Link(peer.Id).Name, [peer.Address], peer.Introducer, device.Link(peer.Id).IsPaused))
        .Append(Device(device.Id, device.Place.Pod ?? "", ["dynamic"], introducer: false, isPaused: false))
        .OrderBy(item => (string?)item["deviceID"], StringComparer.Ordinal)]);

    private static JsonObject Folder(SyncthingDevice device, string id, string path)
    {
        var folder = JsonNode.Parse("""
            {
              "id": "", "label": "", "filesystemType": "basic", "path": "", "type": "sendreceive", "devices": [],
              "rescanIntervalS": 3600, "fsWatcherEnabled": true, "fsWatcherDelayS": 10, "fsWatcherTimeoutS": 0, "ignorePerms": false, "autoNormalize": true,
              "minDiskFree": { "value": 1, "unit": "%" },
              "versioning": { "type": "", "params": {}, "cleanupIntervalS": 3600, "fsPath": "", "fsType": "basic" },
              "copiers": 0, "pullerMaxPendingKiB": 0, "hashers": 0, "order": "random", "ignoreDelete": false, "scanProgressIntervalS": 0, "pullerPauseS": 0,
              "maxConflicts": 10, "disableSparseFiles": false, "disableTempIndexes": false, "paused": false, "weakHashThresholdPct": 25, "markerName": ".stfolder",
              "copyOwnershipFromParent": false, "modTimeWindowS": 0, "maxConcurrentWrites": 2, "disableFsync": false, "blockPullOrder": "standard",
              "copyRangeMethod": "standard", "caseSensitiveFS": false, "junctionsAsDirs": false, "syncOwnership": false, "sendOwnership": false,
              "syncXattrs": false, "sendXattrs": false, "xattrFilter": { "entries": [], "maxSingleEntrySize": 1024, "maxTotalSize": 4096 }
            }
            """)!.AsObject();
        (folder["id"], folder["path"], folder["paused"]) = (id, path, device.IsPaused && id.Length > 0);
        folder["devices"] = new JsonArray([.. device.Peers.Select(peer => peer.Id).Append(device.Id).Order(StringComparer.Ordinal)
            .Select(member => new JsonObject { ["deviceID"] = member, ["introducedBy"] = "", ["encryptionPassword"] = "" })]);
        return folder;
    }

    private static JsonObject Device(string id, string name, string[] addresses, bool introducer, bool isPaused) => new()
    {
        ["deviceID"] = id,
        ["name"] = name,
        ["addresses"] = new JsonArray([.. addresses.Select(address => JsonValue.Create(address))]),
        ["compression"] = "metadata",
        ["certName"] = "",
        ["introducer"] = introducer,
        ["skipIntroductionRemovals"] = false,
        ["introducedBy"] = "",
        ["paused"] = isPaused,
        ["allowedNetworks"] = new JsonArray(),
        ["autoAcceptFolders"] = false,
        ["maxSendKbps"] = 0,
        ["maxRecvKbps"] = 0,
        ["ignoredFolders"] = new JsonArray(),
        ["maxRequestKiB"] = 0,
        ["untrusted"] = false,
        ["remoteGUIPort"] = 0,
        ["numConnections"] = 0,
    };

    // The key and the password are the Secret's; the program shows the password's hash, which says as little.
    private static JsonObject Gui(string user) => new()
    {
        ["enabled"] = true,
        ["address"] = "0.0.0.0:8384",
        ["unixSocketPermissions"] = "",
        ["user"] = user,
        ["password"] = "",
        ["authMode"] = "static",
        ["metricsWithoutAuth"] = false,
        ["useTLS"] = true,
        ["apiKey"] = "",
        ["insecureAdminAccess"] = false,
        ["theme"] = "default",
        ["debugging"] = false,
        ["insecureSkipHostcheck"] = false,
        ["insecureAllowFrameLoading"] = false,
        ["sendBasicAuthPrompt"] = false,
    };

    private static JsonObject Options() => JsonNode.Parse("""
        {
          "listenAddresses": ["tcp://0.0.0.0:22000"], "globalAnnounceServers": ["default"], "globalAnnounceEnabled": false, "localAnnounceEnabled": false,
          "localAnnouncePort": 21027, "localAnnounceMCAddr": "[ff12::8384]:21027", "maxSendKbps": 0, "maxRecvKbps": 0, "reconnectionIntervalS": 60,
          "relaysEnabled": false, "relayReconnectIntervalM": 10, "startBrowser": false, "natEnabled": false, "natLeaseMinutes": 60, "natRenewalMinutes": 30,
          "natTimeoutSeconds": 10, "urAccepted": -1, "urSeen": 3, "urUniqueId": "", "urURL": "https://data.syncthing.net/newdata", "urPostInsecurely": false,
          "urInitialDelayS": 1800, "autoUpgradeIntervalH": 0, "upgradeToPreReleases": false, "keepTemporariesH": 24, "cacheIgnoredFiles": false,
          "progressUpdateIntervalS": 5, "limitBandwidthInLan": false, "minHomeDiskFree": { "value": 1, "unit": "%" },
          "releasesURL": "https://upgrades.syncthing.net/meta.json", "alwaysLocalNets": [], "overwriteRemoteDeviceNamesOnConnect": false,
          "tempIndexMinBlocks": 10, "unackedNotificationIDs": [], "trafficClass": 0, "setLowPriority": true, "maxFolderConcurrency": 0,
          "crURL": "https://crash.syncthing.net/newcrash", "crashReportingEnabled": false, "stunKeepaliveStartS": 180, "stunKeepaliveMinS": 20,
          "stunServers": ["default"], "databaseTuning": "auto", "maxConcurrentIncomingRequestKiB": 0, "announceLANAddresses": true,
          "sendFullIndexOnUpgrade": false, "featureFlags": [], "connectionLimitEnough": 0, "connectionLimitMax": 0, "connectionPriorityTcpLan": 10,
          "connectionPriorityQuicLan": 20, "connectionPriorityTcpWan": 30, "connectionPriorityQuicWan": 40, "connectionPriorityRelay": 50,
          "connectionPriorityUpgradeThreshold": 0, "insecureAllowOldTLSVersions": false
        }
        """)!.AsObject();
}
