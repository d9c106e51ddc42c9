@{
    RootModule           = 'HomelabOps.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '5b0a2c6e-7c53-4a5e-9d0c-6f2f3b1a8e47'
    Author               = 'HomelabOps contributors'
    CompanyName          = 'HomelabOps'
    Copyright            = '(c) 2026 HomelabOps contributors. MIT licence.'
    Description          = 'Operations of a Kubernetes homelab as cmdlets that emit rich objects: Flux, storage and replication, MetalLB, failover and recovery.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    TypesToProcess       = @('HomelabOps.Types.ps1xml')
    FormatsToProcess     = @(
        'HomelabOps.Format.ps1xml'
        'Views/Applications.Format.ps1xml'
        'Views/Diagnosis.Format.ps1xml'
        'Views/Flux.Format.ps1xml'
        'Views/GitOps.Format.ps1xml'
        'Views/Topology.Format.ps1xml'
        'Views/Workloads.Format.ps1xml'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    CmdletsToExport      = @(
        'Compare-FluxKustomization'
        'Connect-Homelab'
        'Disconnect-Homelab'
        'Get-FluxEvent'
        'Get-FluxHelmRelease'
        'Get-FluxKustomization'
        'Get-FluxLog'
        'Get-FluxSource'
        'Get-FluxStatus'
        'Get-FluxTree'
        'Get-HomelabApp'
        'Get-HomelabConfig'
        'Get-HomelabConnection'
        'Get-HomelabEvent'
        'Get-HomelabLog'
        'Get-HomelabManifest'
        'Get-HomelabManifestHistory'
        'Get-HomelabNode'
        'Get-HomelabObject'
        'Get-HomelabPod'
        'Get-HomelabPortForward'
        'Get-HomelabUsage'
        'Invoke-FluxReconcile'
        'New-HomelabApp'
        'New-HomelabConfig'
        'Remove-HomelabApp'
        'Restart-HomelabApp'
        'Restore-HomelabManifest'
        'Resume-FluxResource'
        'Set-HomelabAppImage'
        'Set-HomelabAppReplica'
        'Set-HomelabAppResource'
        'Start-HomelabApp'
        'Start-HomelabPortForward'
        'Stop-HomelabApp'
        'Stop-HomelabPortForward'
        'Suspend-FluxResource'
        'Test-FluxManifest'
        'Test-HomelabApp'
        'Trace-FluxObject'
        'Undo-GitOpsChange'
        'Wait-HomelabRollout'
    )
    PrivateData          = @{
        PSData = @{
            Tags         = @('Kubernetes', 'k3s', 'homelab', 'Flux', 'GitOps', 'VolSync', 'Syncthing', 'MetalLB', 'NFS', 'operations', 'PSEdition_Core', 'Linux', 'Windows', 'MacOS')
            LicenseUri   = 'https://opensource.org/license/mit'
            ProjectUri   = 'https://github.com/homelabops/HomelabOps'
            ReleaseNotes = 'Connecting to a cluster or to the embedded homelab; reading nodes, pods, events, logs, usage, any object, and every kind of Flux; the tree of what Flux applies, and the way from an object back to commit, file and line; where the values of applications are defined, and changing images, replicas and resources there; adding and removing applications; reconciling, suspending and resuming Flux; checking manifests before they are pushed, and comparing them with the cluster; the history of manifests, bringing deleted ones back, and taking commits back. See CHANGELOG.md.'
        }
    }
}
