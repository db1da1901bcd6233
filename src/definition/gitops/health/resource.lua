-- Health of a claim, a composite or a managed resource: what its conditions say, the worst first.
-- The message is for the person in front of Argo CD: the reason, in the words of who wrote the condition.
local function verdict(status, message)
  return { status = status, message = message }
end

local function words(condition)
  if condition.message ~= nil and condition.message ~= "" then
    return condition.message
  end
  return condition.type .. " is " .. condition.status .. ": " .. (condition.reason or "no reason given")
end

local metadata = obj.metadata or {}
local conditions = {}
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  conditions[condition.type] = condition
end
local synced = conditions.Synced
local ready = conditions.Ready

if (metadata.annotations or {})["crossplane.io/paused"] == "true" then
  return verdict("Suspended", "Paused by the annotation crossplane.io/paused; take it off to go on")
end
if synced ~= nil and synced.status == "False" then
  if synced.reason == "ReconcilePaused" then
    return verdict("Suspended", words(synced))
  end
  return verdict("Degraded", words(synced))
end
-- Providers create and change some resources in the background, and tell of it here.
local background = conditions.LastAsyncOperation
if background ~= nil and background.status == "False" then
  return verdict("Degraded", words(background))
end
if metadata.deletionTimestamp ~= nil then
  return verdict("Progressing", "Being deleted")
end
if synced == nil or ready == nil then
  return verdict("Progressing", "Crossplane has not told of it yet")
end
for _, condition in ipairs({ synced, ready }) do
  local seen = condition.observedGeneration
  if seen ~= nil and metadata.generation ~= nil and seen < metadata.generation then
    return verdict("Progressing", "The latest change has not been looked at yet")
  end
end
if ready.status == "True" then
  return verdict("Healthy", "Ready")
end
if ready.reason == "Unavailable" then
  return verdict("Degraded", words(ready))
end
return verdict("Progressing", words(ready))
