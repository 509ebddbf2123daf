//! How a reader's screen is: its size, and what its owner prefers.

use serde_json::json;

use super::page::Browser;

/// A preference of the reader for colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    Light,
    Dark,
}

impl Look {
    pub(crate) const BOTH: [Self; 2] = [Self::Light, Self::Dark];
}

impl Browser {
    /// Has the reader prefer light or dark, and no motion, so that nothing is half shown.
    pub(crate) fn prefers(&self, look: Look) {
        let value = if look == Look::Dark { "dark" } else { "light" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": value },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.devtools("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    /// Makes the screen that of a phone, touched with a finger.
    pub(crate) fn becomes_phone(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 2, "mobile": true });
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics);
        self.devtools("Emulation.setTouchEmulationEnabled", &json!({ "enabled": true }));
    }

    /// Makes the window so large, in CSS pixels.
    pub(crate) fn becomes(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics);
    }
}
